SELECT * FROM mosaic_events WHERE type='admin' AND (activity='pushPolicyToProduction' OR activity LIKE 'push\_policy\_to\_production' ESCAPE '\')
