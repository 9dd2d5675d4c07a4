-- Only what was published is looked up by when it was. The former index held everything, and was taken to
-- count what is not published yet: through as many dead rows as had been published since they were vacuumed.
DROP INDEX outbox_published;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;
