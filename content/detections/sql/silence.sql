WITH RECURSIVE hours(begins) AS (
  SELECT strftime('%Y-%m-%dT%H:00:00.000Z', MIN(timestamp)) FROM mosaic_events
  UNION ALL
  SELECT strftime('%Y-%m-%dT%H:00:00.000Z', begins, '+1 hour') FROM hours
  WHERE strftime('%Y-%m-%dT%H:00:00.000Z', begins, '+2 hours') <= (SELECT MAX(timestamp) FROM mosaic_events)
)
SELECT begins FROM hours
WHERE CAST(strftime('%H', begins) AS INTEGER) BETWEEN 9 AND 16
AND NOT EXISTS (
  SELECT 1 FROM mosaic_events
  WHERE type = 'cis' AND activity IN ('user_login', 'userLogin')
  AND timestamp >= begins AND timestamp < strftime('%Y-%m-%dT%H:00:00.000Z', begins, '+1 hour')
)
