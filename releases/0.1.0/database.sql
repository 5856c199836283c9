create schema ingress;
create schema release_worker;
create schema service;
create schema status_worker;
create schema token_service;
create table ingress.api_token (
  created_at timestamp with time zone not null,
  id uuid not null,
  kind text not null,
  last_used_at timestamp with time zone,
  name text default ''::text not null,
  prefix text not null,
  repositories uuid[] default '{}'::uuid[] not null,
  revoked_at timestamp with time zone,
  token_hash bytea not null
);
create table ingress.artifact (
  claim bigint default 0 not null,
  claimed_until timestamp with time zone,
  expires_at timestamp with time zone not null,
  id uuid not null,
  repository_id uuid not null,
  sha256 text not null,
  size bigint not null,
  state text not null
);
create table ingress.commit_status (
  attempts integer,
  commit_hash text not null,
  description text,
  http_status integer,
  latency_ms bigint,
  name text,
  number text,
  occurred_at timestamp with time zone,
  outcome text,
  outcome_at timestamp with time zone,
  reason text,
  ref text,
  repository_id uuid not null,
  state text,
  status_key text not null,
  updated_at timestamp with time zone not null,
  url text
);
create table ingress.credential (
  at timestamp with time zone not null,
  expires_at timestamp with time zone,
  id uuid not null,
  reason text,
  state text not null
);
create table ingress.delivery (
  answer integer not null,
  attempt integer not null,
  body_sha256 bytea not null,
  event_key text not null,
  events integer not null,
  first_request_id text not null,
  hook_id uuid not null,
  id uuid not null,
  outcome text not null,
  reason text,
  received_at timestamp with time zone not null,
  repository_id uuid not null,
  request_uuid text
);
create table ingress.erasure (
  credential_id uuid not null,
  since timestamp with time zone not null
);
create table ingress.hook (
  allow_unsigned boolean default false not null,
  forge_uuid text,
  id uuid not null,
  last_delivery_at timestamp with time zone,
  managed boolean not null,
  previous_secret bytea,
  previous_until timestamp with time zone,
  removed_at timestamp with time zone,
  repository_id uuid not null,
  secret bytea not null
);
create table ingress.push (
  actor text,
  change text not null,
  commit_hash text,
  event_id text not null,
  message text,
  received_at timestamp with time zone not null,
  ref text not null,
  repository_id uuid not null,
  type text not null
);
create table ingress.release (
  asked_at timestamp with time zone,
  commit_hash text,
  id text not null,
  outcome text,
  outcome_at timestamp with time zone,
  outcome_seen_at timestamp with time zone,
  reason text,
  reopened_at timestamp with time zone,
  repository_id uuid not null,
  requested_at timestamp with time zone not null,
  tag text,
  updated_at timestamp with time zone not null,
  warnings text[] default '{}'::text[] not null
);
create table ingress.release_file (
  artifact_id uuid,
  attempts integer,
  download_name text,
  http_status integer,
  name text not null,
  outcome text,
  outcome_at timestamp with time zone,
  outcome_seen_at timestamp with time zone,
  "position" integer,
  reason text,
  release_id text not null,
  sha256 text,
  size bigint,
  warnings text[] default '{}'::text[] not null
);
create table ingress.repository (
  account_uuid text,
  created_at timestamp with time zone not null,
  credential_id uuid,
  credential_kind text,
  forge text not null,
  forge_uuid text not null,
  full_name text not null,
  id uuid not null,
  since timestamp with time zone not null,
  state text not null
);
create table ingress.session (
  account_name text not null,
  account_uuid text not null,
  credential_id uuid not null,
  expires_at timestamp with time zone not null,
  form_token text not null,
  id_hash bytea not null
);
create table ingress.sign_in (
  browser_hash bytea not null,
  expires_at timestamp with time zone not null,
  state_hash bytea not null
);
create table public.flyway_schema_history (
  checksum integer,
  description character varying(200) not null,
  execution_time integer not null,
  installed_by character varying(100) not null,
  installed_on timestamp without time zone default now() not null,
  installed_rank integer not null,
  script character varying(1000) not null,
  success boolean not null,
  type character varying(20) not null,
  version character varying(50)
);
create table release_worker.download (
  attempts integer default 0 not null,
  before_made_at timestamp with time zone,
  before_size bigint,
  begun_sha256 text,
  begun_size bigint,
  claim bigint default 0 not null,
  doomed text,
  due_at timestamp with time zone,
  last_reason text,
  name text not null,
  "position" integer not null,
  release_id text not null,
  repository_id uuid not null,
  sent_sha256 text,
  version bigint not null,
  waiting_for text
);
create table release_worker.release (
  attempts integer default 0 not null,
  claim bigint default 0 not null,
  commit_hash text not null,
  due_at timestamp with time zone,
  id text not null,
  last_reason text,
  record_headers jsonb not null,
  record_key bytea,
  record_offset bigint not null,
  record_partition integer not null,
  record_value bytea,
  recorded_at timestamp with time zone not null,
  repository_id uuid not null,
  round integer default 1 not null,
  state text not null,
  tag text not null,
  traceparent text not null,
  waiting_for text,
  warnings text[] default '{}'::text[] not null
);
create table release_worker.release_file (
  download_name text not null,
  name text not null,
  "position" integer not null,
  reason text,
  release_id text not null,
  sha256 text not null,
  size bigint not null,
  source text,
  state text not null,
  warnings text[] default '{}'::text[] not null
);
create table service.outbox (
  headers jsonb not null,
  id bigint generated always as identity not null,
  record_key bytea,
  topic text not null,
  value bytea,
  writer text not null
);
create table service.request_budget (
  available double precision not null,
  counted_at timestamp with time zone not null,
  identity text not null,
  pool text not null
);
create table status_worker.commit_status (
  attempts integer default 0 not null,
  claim bigint default 0 not null,
  commit_hash text not null,
  due_at timestamp with time zone,
  event_id text not null,
  last_reason text,
  posted_event_id text,
  repository_id uuid not null,
  status_key text not null,
  version bigint not null,
  waiting_for text
);
create table status_worker.report (
  commit_hash text not null,
  event_id text not null,
  final boolean not null,
  number text not null,
  occurred_at timestamp with time zone not null,
  record_headers jsonb,
  record_key bytea,
  record_offset bigint not null,
  record_partition integer not null,
  record_value bytea,
  recorded_at timestamp with time zone not null,
  repository_id uuid not null,
  retired boolean default false not null,
  sequence bigint,
  settled boolean default false not null,
  status_key text not null,
  traceparent text not null
);
create table token_service.credential (
  account_name text,
  account_uuid text,
  authorization_secret bytea,
  client_id text,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone,
  expires_at timestamp with time zone,
  failures integer default 0 not null,
  forge text not null,
  id uuid not null,
  kind text not null,
  last_leased_at timestamp with time zone,
  reason text,
  refresh_secret bytea,
  refreshing_until timestamp with time zone,
  refusals integer default 0 not null,
  repository text,
  scopes text[] default '{}'::text[] not null,
  state text not null,
  token_made_at timestamp with time zone not null,
  token_version bigint not null,
  unanswered_since timestamp with time zone,
  version bigint not null
);
create table token_service.lease_audit (
  caller text not null,
  credential_id uuid not null,
  leases integer not null,
  minute timestamp with time zone not null
);
create table token_service.oauth_client (
  client_id text not null,
  next_turn_at timestamp with time zone,
  pauses integer default 0 not null,
  refused_at timestamp with time zone,
  refused_credential uuid,
  says text,
  shared boolean default false not null,
  turn_until timestamp with time zone
);
alter table ingress.api_token add constraint api_token_kind_check CHECK ((kind = ANY (ARRAY['operator'::text, 'runner'::text])));
alter table ingress.api_token add constraint api_token_pkey PRIMARY KEY (id);
alter table ingress.api_token add constraint api_token_token_hash_key UNIQUE (token_hash);
alter table ingress.artifact add constraint artifact_pkey PRIMARY KEY (id);
alter table ingress.artifact add constraint artifact_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text));
alter table ingress.artifact add constraint artifact_size_check CHECK ((size >= 0));
alter table ingress.artifact add constraint artifact_state_check CHECK ((state = ANY (ARRAY['partial'::text, 'stored'::text, 'expired'::text, 'removed'::text])));
alter table ingress.commit_status add constraint commit_status_pkey PRIMARY KEY (repository_id, commit_hash, status_key);
alter table ingress.credential add constraint credential_pkey PRIMARY KEY (id);
alter table ingress.delivery add constraint delivery_pkey PRIMARY KEY (id);
alter table ingress.erasure add constraint erasure_pkey PRIMARY KEY (credential_id);
alter table ingress.hook add constraint hook_pkey PRIMARY KEY (id);
alter table ingress.push add constraint push_pkey PRIMARY KEY (event_id);
alter table ingress.release add constraint release_pkey PRIMARY KEY (id);
alter table ingress.release_file add constraint release_file_pkey PRIMARY KEY (release_id, name);
alter table ingress.repository add constraint repository_forge_forge_uuid_key UNIQUE (forge, forge_uuid);
alter table ingress.repository add constraint repository_pkey PRIMARY KEY (id);
alter table ingress.repository add constraint repository_state_check CHECK ((state = ANY (ARRAY['connecting'::text, 'connected'::text, 'disconnecting'::text, 'disconnected'::text])));
alter table ingress.session add constraint session_pkey PRIMARY KEY (id_hash);
alter table ingress.sign_in add constraint sign_in_pkey PRIMARY KEY (state_hash);
alter table public.flyway_schema_history add constraint flyway_schema_history_pk PRIMARY KEY (installed_rank);
alter table release_worker.download add constraint download_pkey PRIMARY KEY (repository_id, name);
alter table release_worker.release add constraint release_pkey PRIMARY KEY (id);
alter table release_worker.release add constraint release_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'sending'::text, 'delivered'::text, 'superseded'::text, 'failed'::text])));
alter table release_worker.release_file add constraint release_file_pkey PRIMARY KEY (release_id, "position");
alter table release_worker.release_file add constraint release_file_state_check CHECK ((state = ANY (ARRAY['open'::text, 'delivered'::text, 'superseded'::text, 'failed'::text])));
alter table service.outbox add constraint outbox_pkey PRIMARY KEY (id);
alter table service.request_budget add constraint request_budget_pkey PRIMARY KEY (identity, pool);
alter table status_worker.commit_status add constraint commit_status_pkey PRIMARY KEY (repository_id, commit_hash, status_key);
alter table status_worker.report add constraint report_pkey PRIMARY KEY (repository_id, commit_hash, status_key, event_id);
alter table token_service.credential add constraint credential_kind_check CHECK ((kind = ANY (ARRAY['oauth'::text, 'access-token'::text, 'api-token'::text])));
alter table token_service.credential add constraint credential_pkey PRIMARY KEY (id);
alter table token_service.credential add constraint credential_state_check CHECK ((state = ANY (ARRAY['healthy'::text, 'unclear'::text, 'needs-authorization'::text, 'revoked'::text])));
alter table token_service.lease_audit add constraint lease_audit_pkey PRIMARY KEY (credential_id, caller, minute);
alter table token_service.oauth_client add constraint oauth_client_pkey PRIMARY KEY (client_id);
alter table ingress.artifact add constraint artifact_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES ingress.repository(id);
alter table ingress.hook add constraint hook_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES ingress.repository(id);
alter table ingress.release_file add constraint release_file_release_id_fkey FOREIGN KEY (release_id) REFERENCES ingress.release(id);
alter table release_worker.release_file add constraint release_file_release_id_fkey FOREIGN KEY (release_id) REFERENCES release_worker.release(id);
CREATE INDEX artifact_expiry ON ingress.artifact USING btree (state, expires_at);
CREATE INDEX commit_status_due ON status_worker.commit_status USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX commit_status_newest ON ingress.commit_status USING btree (repository_id, updated_at DESC);
CREATE INDEX credential_due ON token_service.credential USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX delivery_newest ON ingress.delivery USING btree (repository_id, received_at DESC);
CREATE INDEX delivery_same ON ingress.delivery USING btree (hook_id, body_sha256, received_at DESC);
CREATE INDEX download_due ON release_worker.download USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX download_of_release ON release_worker.download USING btree (release_id, "position");
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
CREATE INDEX outbox_in_order ON service.outbox USING btree (writer, id);
CREATE INDEX push_newest ON ingress.push USING btree (repository_id, received_at DESC);
CREATE INDEX release_due ON release_worker.release USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX release_file_artifact ON ingress.release_file USING btree (artifact_id) WHERE (artifact_id IS NOT NULL);
CREATE INDEX release_newest ON ingress.release USING btree (repository_id, requested_at DESC);
CREATE INDEX report_contending ON status_worker.report USING btree (repository_id, commit_hash, status_key) WHERE (NOT retired);
CREATE INDEX repository_name ON ingress.repository USING btree (forge, lower(full_name));
CREATE UNIQUE INDEX artifact_content ON ingress.artifact USING btree (repository_id, sha256) WHERE (state = ANY (ARRAY['partial'::text, 'stored'::text]));
CREATE UNIQUE INDEX credential_grant ON token_service.credential USING btree (forge, client_id, account_uuid) WHERE (kind = 'oauth'::text);
CREATE UNIQUE INDEX hook_forge_uuid ON ingress.hook USING btree (forge_uuid) WHERE ((forge_uuid IS NOT NULL) AND (removed_at IS NULL));
CREATE UNIQUE INDEX hook_of_repository ON ingress.hook USING btree (repository_id) WHERE (removed_at IS NULL);
comment on table ingress.api_token is 'owner: ingress';
comment on table ingress.artifact is 'owner: ingress';
comment on table ingress.commit_status is 'owner: ingress; projection of cinch.build-state.v1 and cinch.outcome.v1';
comment on table ingress.credential is 'owner: ingress; projection of cinch.credential.v1';
comment on table ingress.delivery is 'owner: ingress';
comment on table ingress.erasure is 'owner: ingress';
comment on table ingress.hook is 'owner: ingress';
comment on table ingress.push is 'owner: ingress; projection of cinch.push.v1';
comment on table ingress.release is 'owner: ingress; projection of cinch.release-request.v1 and cinch.outcome.v1';
comment on table ingress.release_file is 'owner: ingress; projection of cinch.release-request.v1 and cinch.outcome.v1';
comment on table ingress.repository is 'owner: ingress';
comment on table ingress.session is 'owner: ingress';
comment on table ingress.sign_in is 'owner: ingress';
comment on table release_worker.download is 'owner: release-worker';
comment on table release_worker.release is 'owner: release-worker';
comment on table release_worker.release_file is 'owner: release-worker';
comment on table service.outbox is 'owner: the service named in writer';
comment on table service.request_budget is 'owner: the service that calls the forge';
comment on table status_worker.commit_status is 'owner: status-worker';
comment on table status_worker.report is 'owner: status-worker';
comment on table token_service.credential is 'owner: token-service';
comment on table token_service.lease_audit is 'owner: token-service';
comment on table token_service.oauth_client is 'owner: token-service';
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (1, '1', 'service', 'SQL', 'V1__service.sql', 1724130891, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (2, '2', 'token service', 'SQL', 'V2__token_service.sql', -509685504, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (3, '3', 'ingress', 'SQL', 'V3__ingress.sql', -151089075, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (4, '4', 'status worker', 'SQL', 'V4__status_worker.sql', 392214068, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (5, '5', 'token service refresh', 'SQL', 'V5__token_service_refresh.sql', 189148174, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (6, '6', 'ingress credential', 'SQL', 'V6__ingress_credential.sql', -546670960, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (7, '7', 'release worker', 'SQL', 'V7__release_worker.sql', -114363492, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (8, '8', 'ingress artifact', 'SQL', 'V8__ingress_artifact.sql', 561192277, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (9, '9', 'ingress release', 'SQL', 'V9__ingress_release.sql', -1605885657, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (10, '10', 'names', 'SQL', 'V10__names.sql', -863277390, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (11, '11', 'less', 'SQL', 'V11__less.sql', -1718315195, 'cinch', 0, true);
insert into public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (12, '12', 'ingress less', 'SQL', 'V12__ingress_less.sql', -852115005, 'cinch', 0, true);
