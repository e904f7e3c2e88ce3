"""How Chester's embedded networks are trained, measured and exported. Start with ../README.md."""
