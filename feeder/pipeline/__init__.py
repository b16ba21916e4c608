"""From a district to a plan: the only place that knows every stage."""
