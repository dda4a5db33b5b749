# What one conclusion of a rule adds to what is known. Filled by rules.py.
$prologue
INSERT { GRAPH <https://w3id.org/dealgraph/graph/inferred> { $head } }
$graphs
WHERE {
  $pattern
}
