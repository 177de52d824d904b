"""Every word a source uses for a language, a level, a length … is read here."""

from connectors.vocabulary.vocabulary import Vocabulary as Vocabulary
