let
    book = Excel.Workbook(File.Contents("C:\board\feed\kpi.xlsx"), null, true),
    ratings = book{[Item = "ratings", Kind = "Table"]}[Data]
in
    Table.SelectRows(ratings, each [rag_status] = "red")
