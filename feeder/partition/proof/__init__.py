"""Proofs: how good the best partition could be."""
