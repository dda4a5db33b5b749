// What Comunica answers from the endpoint: node comunica.mjs <address of the service>
import { QueryEngine } from "@comunica/query-sparql";

const [service] = process.argv.slice(2);
const endpoint = `${service}/sparql`;
const PREFIXES = `
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX org: <https://w3id.org/dealgraph/id/org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
`;
const engine = new QueryEngine();
const told = { sources: [{ type: "sparql", value: endpoint }] };
// Without a type Comunica fetches the address and reads there what it is.
const found = { sources: [endpoint] };

async function rows(query, context) {
  const stream = await engine.queryBindings(PREFIXES + query, context);
  return (await stream.toArray()).map((row) =>
    Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])),
  );
}

async function classes(context) {
  const query = "CONSTRUCT { org:openai a ?class } WHERE { org:openai a ?class }";
  const stream = await engine.queryQuads(PREFIXES + query, context);
  return (await stream.toArray()).map((quad) => quad.object.value);
}

const select = "SELECT ?deal WHERE { ?deal a dg:Deal } ORDER BY ?deal LIMIT 3";
const join = `SELECT DISTINCT ?deal ?name WHERE {
  ?part dg:hasInvestee org:anthropic ; dg:isPartOfDeal ?deal ; dg:hasInvestor ?firm .
  ?firm skos:prefLabel ?name . FILTER(LANG(?name) = "en")
} ORDER BY ?deal ?name`;

const answers = {};
for (const [name, context] of Object.entries({ told, found })) {
  answers[name] = {
    select: await rows(select, context),
    construct: await classes(context),
    ask: await engine.queryBoolean(`${PREFIXES} ASK { org:openai a dg:Firm }`, context),
    join: await rows(join, context),
  };
}
console.log(JSON.stringify(answers));
