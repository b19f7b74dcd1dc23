"""The graph that is exported computes what the trained model does."""

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
transformers = pytest.importorskip("transformers", reason="training needs transformers")
pytest.importorskip("onnx", reason="training needs onnx")


def test_last_layer_cut_to_the_first_token_gives_the_same_logits() -> None:
    from bot.stance.training.export import FirstToken

    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=50,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=48,
        num_labels=3,
    )
    model = transformers.BertForSequenceClassification(config).eval()
    ids = torch.randint(1, 50, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    types = torch.zeros_like(ids)
    types[:, 4:] = 1

    with torch.inference_mode():
        whole = model(input_ids=ids, attention_mask=mask, token_type_ids=types).logits
        cut = FirstToken(model)(ids, mask, types)

    assert torch.allclose(whole, cut, atol=1e-5)
