// What sparql-http-client writes: node updates.mjs <address of the service> <token> <graph>
import SparqlClient from "sparql-http-client";
import { Readable } from "node:stream";

const [service, token, name] = process.argv.slice(2);
const client = new SparqlClient({
  endpointUrl: `${service}/sparql`,
  updateUrl: `${service}/update`,
  storeUrl: `${service}/store`,
  headers: { authorization: `Bearer ${token}` },
});
const rdf = client.factory;
const graph = rdf.namedNode(name);
const quad = (value) =>
  rdf.quad(rdf.namedNode("http://example.org/a"), rdf.namedNode("http://example.org/p"),
    rdf.literal(value), graph);

/** The values in the graph, in order: by query, and read from the graph store. */
async function held() {
  const asked = [], read = [];
  const query = `SELECT ?value WHERE { GRAPH <${name}> { ?s ?p ?value } } ORDER BY ?value`;
  for await (const row of client.query.select(query)) asked.push(row.value.value);
  for await (const each of client.store.get(graph)) read.push(each.object.value);
  return { asked, read: read.sort() };
}

const answers = {};
await client.query.update(
  `INSERT DATA { GRAPH <${name}> { <http://example.org/a> <http://example.org/p> 'one' } }`,
);
answers.updated = await held();
await client.store.post(Readable.from([quad("two")]), { graph });
answers.posted = await held();
await client.store.put(Readable.from([quad("three")]), { graph });
answers.put = await held();
// The client has no way to drop a graph by the graph store, so this is asked of fetch itself.
const gone = await fetch(`${service}/store?graph=${encodeURIComponent(name)}`, {
  method: "DELETE",
  headers: { authorization: `Bearer ${token}` },
});
answers.deleted = { status: gone.status };
const after = await fetch(`${service}/store?graph=${encodeURIComponent(name)}`);
answers.after = { status: after.status };
console.log(JSON.stringify(answers));
