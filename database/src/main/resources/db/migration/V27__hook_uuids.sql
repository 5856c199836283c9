-- Owner: ingress. Which webhooks of the forge deliver through a hook: one, and several where people made it again
-- there with the same URL and secret. ingress.hook.forge_uuid stays one of them, the one that Cinch mends and
-- removes: the release before knows no other, and what it binds has no row here until another UUID is added.
create table ingress.hook_uuid (
  -- Bitbucket's X-Hook-UUID, in braces, lower case.
  forge_uuid text primary key,
  hook_id uuid not null references ingress.hook,
  -- Null where nobody wrote it down.
  first_seen_at timestamptz,
  -- Kept only while the hook has several; of a single one ingress.hook.last_delivery_at says it.
  last_seen_at timestamptz
);
comment on table ingress.hook_uuid is 'owner: ingress';
create index hook_uuid_of_hook on ingress.hook_uuid (hook_id);
insert into ingress.hook_uuid (forge_uuid, hook_id)
  select forge_uuid, id from ingress.hook where forge_uuid is not null and removed_at is null;
