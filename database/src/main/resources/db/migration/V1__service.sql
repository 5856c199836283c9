-- Owner: service, on behalf of each writer. What must reach Kafka and cannot go there right now,
-- or must go together with a database change.
create schema service;

create table service.outbox (
  id bigint generated always as identity primary key,
  writer text not null,
  topic text not null,
  record_key bytea,
  headers jsonb not null,
  value bytea,
  created_at timestamptz not null default now()
);
comment on table service.outbox is 'owner: the service named in writer';
create index outbox_in_order on service.outbox (writer, id);
