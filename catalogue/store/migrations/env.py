"""Run by Alembic: migrates over the connection that the store hands it."""

from alembic import context

from catalogue.store.migrate import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
