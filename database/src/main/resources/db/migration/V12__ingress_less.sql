-- Owner: ingress. What was written and never read.
alter table ingress.push
  drop column old_hash,
  drop column new_hash,
  drop column author;
alter table ingress.hook drop column created_at;
alter table ingress.sign_in drop column created_at;
alter table ingress.session drop column created_at;
alter table ingress.artifact drop column created_at;
alter table ingress.credential drop column kind;
