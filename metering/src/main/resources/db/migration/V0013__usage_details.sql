-- How far the windows hold the journal: with one snapshot of both, a question finer than windows can be
-- answered from windows and events together. Positions tell nothing of any tenant.
GRANT SELECT ON aggregator_positions TO weir_app;
