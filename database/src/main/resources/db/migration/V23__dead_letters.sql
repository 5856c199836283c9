-- Owner: ingress. A list of what lies on cinch.dead-letter.v1, which keeps the records themselves, and what
-- people have done about each.
create table ingress.dead_letter (
  -- topic-partition-offset of the original
  id text primary key,
  topic text not null,
  record_partition int not null,
  record_offset bigint not null,
  -- Where it lies on cinch.dead-letter.v1.
  letter_partition int not null,
  letter_offset bigint not null,
  consumer text not null,
  reason text not null,
  -- The reason without what differs from record to record.
  reason_kind text not null,
  at timestamptz not null,
  -- For people: cut, and without what no text can have.
  record_key text,
  -- The repository that its key or value names, as far as Cinch knows it, and what the value calls it.
  repository_id uuid,
  repository_name text,
  event_id text,
  -- Of the value as it lies on the topic.
  bytes int not null,
  -- What there was no room for on the topic: of key, headers, value.
  cut text[] not null,
  state text not null check (state in ('open', 'replayed', 'dropped')),
  settled_at timestamptz,
  -- The dead letter whose replay this is.
  replay_of text
);
comment on table ingress.dead_letter is 'owner: ingress; list of cinch.dead-letter.v1';
create index dead_letter_newest on ingress.dead_letter (at, id);
create index dead_letter_replay on ingress.dead_letter (replay_of) where replay_of is not null;
create index dead_letter_event on ingress.dead_letter (event_id) where event_id is not null;

-- How many there was no room for in the list, of each reason; the topic has them.
create table ingress.unlisted_dead_letter (
  topic text not null,
  consumer text not null,
  reason_kind text not null,
  -- One of them in full.
  reason text not null,
  letters bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (topic, consumer, reason_kind)
);
comment on table ingress.unlisted_dead_letter is 'owner: ingress; what ingress.dead_letter has no room for';
