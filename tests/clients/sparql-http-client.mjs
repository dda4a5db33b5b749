// What sparql-http-client answers: node sparql-http-client.mjs <address of the service>
import SparqlClient from "sparql-http-client";

const [service] = process.argv.slice(2);
const client = new SparqlClient({ endpointUrl: `${service}/sparql` });
const PREFIXES = `
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX org: <https://w3id.org/dealgraph/id/org/>
`;
const OPERATIONS = ["get", "postUrlencoded", "postDirect"];

async function all(stream) {
  const found = [];
  for await (const each of stream) found.push(each);
  return found;
}

const answers = {};
for (const operation of OPERATIONS) {
  const rows = client.query.select(
    `${PREFIXES} SELECT ?deal WHERE { ?deal a dg:Deal } ORDER BY ?deal LIMIT 3`,
    { operation },
  );
  const quads = client.query.construct(
    `${PREFIXES} CONSTRUCT { org:openai a ?class } WHERE { org:openai a ?class }`,
    { operation },
  );
  answers[operation] = {
    select: (await all(rows)).map((row) => ({ deal: row.deal.value })),
    construct: (await all(quads)).map((quad) => quad.object.value),
    ask: await client.query.ask(`${PREFIXES} ASK { org:openai a dg:Firm }`, { operation }),
  };
}
// What is no SPARQL has to be an error, with the words of the service in it.
answers.error = await all(client.query.select("SELECT nothing")).catch((error) => error.message);
console.log(JSON.stringify(answers));
