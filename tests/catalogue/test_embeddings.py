import numpy as np

from catalogue.store import Catalogue


def vectors(count: int) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]]:
    random = np.random.default_rng(7)
    made = random.normal(size=(count, 384)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return {f"h{number}": row for number, row in enumerate(made)}


def test_vectors_come_back_nearly_as_they_were(catalogue: Catalogue) -> None:
    made = vectors(2300)
    catalogue.embeddings.put("m", made)
    found = catalogue.embeddings.get("m", [*made, "unknown"])
    assert found.keys() == made.keys()
    assert all(v.dtype == np.float32 and v.shape == (384,) for v in found.values())
    lengths = {h: float(np.linalg.norm(v)) for h, v in found.items()}
    assert min(float(found[h] @ made[h]) / lengths[h] for h in made) > 0.999999
    assert max(abs(length - 1) for length in lengths.values()) < 0.001
    assert catalogue.embeddings.count("m") == 2300


def test_each_model_has_vectors_of_its_own(catalogue: Catalogue) -> None:
    one, two = np.ones(2, np.float32), np.zeros(3, np.float32)
    catalogue.embeddings.put("m", {"h": one})
    catalogue.embeddings.put("n", {"h": two})
    assert catalogue.embeddings.get("m", ["h"])["h"].tolist() == [1, 1]
    assert catalogue.embeddings.get("n", ["h"])["h"].tolist() == [0, 0, 0]
    assert catalogue.embeddings.get("o", ["h"]) == {}
    assert catalogue.embeddings.count("o") == 0


def test_what_stands_is_kept(catalogue: Catalogue) -> None:
    catalogue.embeddings.put("m", {"h": np.ones(2, np.float32)})
    catalogue.embeddings.put("m", {"h": np.zeros(2, np.float32), "i": np.zeros(2, np.float32)})
    catalogue.embeddings.put("m", {})
    assert catalogue.embeddings.get("m", ["h"])["h"].tolist() == [1, 1]
    assert catalogue.embeddings.count("m") == 2
