"""Speech to text, for recordings that nobody captioned, by Whisper on this machine.

An extra (`speech`), for it brings 300 MB of libraries. The model is a folder in CTranslate2's form
(`model.bin`, `config.json`, `tokenizer.json`, `vocabulary.*`); nothing is downloaded.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from catalogue.errors import BadItem, NeedsPerson
from connectors.formats.captioncues import Captions, Cue

_SURE = 0.5  # below it a language is a guess, as over music


class Listener:
    """Transcribes recordings by the model in a folder, which is loaded when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hear(self, recording: Path) -> Captions:
        """What is said in a recording of any container FFmpeg knows, three to five times faster
        than it is spoken, by the base model on two cores.

        Raises BadItem for a file that cannot be decoded, NeedsPerson without the extra or model.
        """
        model = self._model
        try:
            # The gate for voices keeps Whisper from inventing words over silence and music.
            segments, about = model.transcribe(str(recording), vad_filter=True)
            cues = tuple(Cue(s.start, s.end, s.text.strip()) for s in segments)
        except (OSError, ValueError, RuntimeError, IndexError) as error:
            raise BadItem(f"{recording.name} cannot be listened to: {str(error)[:100]}") from error
        return Captions(cues, about.language if about.language_probability >= _SURE else "")

    @cached_property
    def _model(self) -> Any:
        try:
            from faster_whisper import WhisperModel
        except ImportError:
            remedy = 'install the extra: pip install "skillshelf[speech]"'
            raise NeedsPerson(f"`speech` needs a library that is not here; {remedy}") from None
        if not (self._folder / "model.bin").is_file():
            raise NeedsPerson(f"{self._folder} holds no model.bin; correct `speech`")
        try:
            return WhisperModel(
                str(self._folder), device="cpu", compute_type="int8", local_files_only=True
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise NeedsPerson(f"{self._folder} is no model of Whisper: {error}") from error
