-- Owner: ingress. Deliveries that were refused are logged too, a few of a hook and day.
alter table ingress.delivery
  -- As the delivery said it; null where it was taken while its hook had a single one.
  add column hook_uuid text;
create index delivery_refused on ingress.delivery (hook_id, received_at desc) where answer = 401;
