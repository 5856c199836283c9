-- One word for one thing: what the attempts of one delivery share is the first one's request id.
alter table ingress.delivery rename column occasion to first_request_id;
