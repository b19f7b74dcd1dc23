"""A narrowed encoder drops the units that count the least."""

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
transformers = pytest.importorskip("transformers", reason="training needs transformers")


def test_units_without_weight_can_go_and_the_logits_stay() -> None:
    from bot.stance.training.fit import narrow

    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=50,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        num_labels=3,
    )
    model = transformers.BertForSequenceClassification(config).eval()
    with torch.no_grad():
        for layer in model.bert.encoder.layer:
            layer.output.dense.weight[:, ::3] = 0
    ids = torch.randint(1, 50, (2, 9))

    with torch.inference_mode():
        whole = model(input_ids=ids).logits
    narrow(model, 32)
    with torch.inference_mode():
        narrowed = model(input_ids=ids).logits

    assert model.config.intermediate_size == 32
    assert model.bert.encoder.layer[1].intermediate.dense.weight.shape == (32, 24)
    assert torch.allclose(whole, narrowed, atol=1e-5)
