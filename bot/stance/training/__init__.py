"""Train, export and calibrate the stance model.

Run as ``python -m bot.stance.training --data DIR --base DIR --out DIR``. The package needs torch,
transformers and onnx, which the bot itself does not: nothing outside this folder imports it.

The steps, one module each: `sets` reads the rows, `rules` and `framing` rewrite them, `mixing`
makes epochs, `fit` trains, `export` writes the int8 graph, `evaluate` scores and calibrates it.
"""
