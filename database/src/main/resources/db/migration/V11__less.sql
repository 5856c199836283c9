-- What was written and never read.
alter table service.outbox drop column created_at;
alter table status_worker.commit_status drop column posted_at;
alter table release_worker.download drop column sent_size;
alter table token_service.credential drop column updated_at;
