"""Every red indicator, from Spark."""

from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").getOrCreate()
reds = spark.sql(
    "SELECT indicator, outturn, target_words FROM parquet.`feed/ratings.parquet` "
    "WHERE rag_status = 'red' ORDER BY indicator"
)
reds.show(truncate=False)
