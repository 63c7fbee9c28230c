let
    observations = Parquet.Document(File.Contents("C:\board\feed\observations.parquet"))
in
    Table.SelectRows(observations, each [unit] = "")
