"""Planted violations and near misses, a module a part of the regulation; each lists its shapes by rule in SHAPES."""
