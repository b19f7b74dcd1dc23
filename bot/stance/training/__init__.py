"""Train, export and calibrate the stance model.

Run as ``python -m bot.stance.training --data DIR --base DIR --out DIR``. The package needs torch,
transformers and onnx, which the bot itself does not: nothing outside this folder imports it.

The steps, one module each: `rules` rewrites claims, `data` reads and mixes the pairs, `fit` trains,
`export` writes the int8 graph, `evaluate` scores and calibrates it.
"""
