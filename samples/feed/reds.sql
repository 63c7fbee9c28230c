SELECT indicator, outturn, target_words, reason
FROM 'feed/ratings.parquet'
WHERE rag_status = 'red'
ORDER BY indicator;
