-- Owner: status-worker. Who may still overwrite what a status shows on the forge.
alter table status_worker.status
  -- The credential that wrote it last under shown_key, or may have; null: not known.
  add column posted_by uuid,
  -- Another that was to write it since, as far as it might: what became of that may not be known.
  add column perhaps_by uuid,
  -- The keys it had before: entries on the forge that stay as they are, since another account made them.
  add column left_keys text[] not null default '{}';
