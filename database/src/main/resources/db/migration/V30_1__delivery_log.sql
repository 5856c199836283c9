-- Owner: ingress. The log says more of each delivery.
alter table ingress.delivery
  -- Those that tell something and open nothing, a line each; null where they were not kept.
  add column headers text,
  -- That it changed, as far as it could be read.
  add column refs text[],
  -- Composed by Cinch itself.
  add column test boolean not null default false,
  -- The delivery that this one is a replay of.
  add column replay_of uuid,
  -- Whether a person or the operator had Cinch do it; null where the forge delivered it.
  add column asked_by text;
create index delivery_refs on ingress.delivery using gin (refs) where refs is not null;
