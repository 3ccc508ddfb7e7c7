namespace Functional.Core.Tests

open System
open System.IO
open System.Text
open FsCheck
open Functional.Core
open Xunit

type CsvTests() =
    let parseBytes options (bytes: byte[]) =
        use input = Input.OfBytes("test.csv", bytes)
        Csv.parse options "test" input

    let parse options (text: string) =
        parseBytes options (Encoding.UTF8.GetBytes text)

    let refused options text =
        throws<InvalidDataException>(fun () -> parse options text |> ignore)

    let missing policy = { Csv.defaults with Missing = policy }
    let label column = { Csv.defaults with Label = column }

    [<Fact>]
    member _.``a header and a label column are found``() =
        let set = parse Csv.defaults "height, Class ,width\n1,dog,2\n3,cat,4\n5,dog,6\n"
        Assert.Equal<float32[]>([| 1.0f; 2.0f; 3.0f; 4.0f; 5.0f; 6.0f |], set.Features)
        Assert.Equal<int[]>([| 2 |], set.Shape)
        Assert.Equal<int32[] option>(Some [| 1; 0; 1 |], set.Labels)
        Assert.Equal<string[] option>(Some [| "cat"; "dog" |], set.Classes)

    [<Fact>]
    member _.``without a header every row counts, and labels may be numbers in any column``() =
        let set = parse (label (CsvLabel.Column -1)) "1,2,7\n3,4,0\n"
        Assert.Equal<int32[] option>(Some [| 7; 0 |], set.Labels)
        Assert.Equal(None, set.Classes)
        Assert.Equal<float32[]>([| 1.0f; 2.0f; 3.0f; 4.0f |], set.Features)
        let none = parse (label CsvLabel.Nowhere) "label,b\n1,2"
        Assert.Equal<int[]>([| 2 |], none.Shape)

    [<Fact>]
    member _.``quotes, other separators, Windows lines and a byte order mark are read``() =
        let text = "\uFEFF\"a\"\"b\";\"c;d\"\r\n\"1\";2e-3\r\n"
        let set = parse { Csv.defaults with Delimiter = ';' } text
        Assert.Equal<float32[]>([| 1.0f; 0.002f |], set.Features)

        Assert.Equal<float32[]>(
            set.Features,
            (parseBytes { Csv.defaults with Delimiter = ';' } (Golden.gzip (Encoding.UTF8.GetBytes text))).Features
        )

    [<Theory>]
    [<InlineData("a,b\n1,2\n3,\n", "test.csv, line 3, column 2 (b): found a blank cell")>]
    [<InlineData("a,b\n1,2\n\n3,x4\n", "line 4, column 2 (b): found 'x4'")>]
    [<InlineData("1,2\n3,NaN\n", "line 2, column 2 (number 2): found 'NaN'")>]
    [<InlineData("1,2\n3,1e99\n", "found '1e99'")>]
    [<InlineData("1,2\n3\n", "line 2: found a row of 1, expected rows of 2")>]
    [<InlineData("1,2\n3,4,5\n", "line 2: found a row of 3, expected rows of 2")>]
    [<InlineData("1,2\n3,\"4\"5\n", "line 2: found a stray or unclosed quote")>]
    [<InlineData("a,b\n1,\"2\n3,4\n", "line 2: found a stray or unclosed quote")>]
    [<InlineData("a,label\n1,\n", "line 2, column 2 (label): found a blank cell, expected a label")>]
    [<InlineData("", "an empty file")>]
    [<InlineData("a,b\n", "no rows")>]
    [<InlineData("label\n1\n", "only labels")>]
    member _.``what is wrong is named by line and column``(text: string, message: string) =
        Assert.Contains(message, (refused Csv.defaults text).Message)

    [<Fact>]
    member _.``missing values follow the policy``() =
        let text = "a,b\n1,10\n,20\n3,?\n"
        Assert.Equal<float32[]>([| 1.0f; 10.0f; 2.0f; 20.0f; 3.0f; 15.0f |], (parse (missing CsvMissing.Mean) text).Features)
        Assert.Equal<float32[]>([| 1.0f; 10.0f; 0.0f; 20.0f; 3.0f; 0.0f |], (parse (missing CsvMissing.Zero) text).Features)
        Assert.Equal<float32[]>([| 1.0f; 10.0f |], (parse (missing CsvMissing.DropRow) text).Features)
        Assert.Contains("column 2: found no number at all", (refused (missing CsvMissing.Mean) "a,b\n1,\n").Message)

    [<Fact>]
    member _.``a label column that is not there is an error``() =
        Assert.Contains("no column 'kind'", (refused (label (CsvLabel.Named "kind")) "a,b\n1,2\n").Message)

        throws<ArgumentException>(fun () -> parse (label (CsvLabel.Column 2)) "1,2\n" |> ignore)
        |> ignore

    [<Fact>]
    member _.``numbers written with nine digits read back``() =
        Check.QuickThrowOnFailure(fun (rows: NonEmptyArray<NormalFloat>) ->
            let values = rows.Get |> Array.map (fun x -> float32 x.Get)
            let values = values |> Array.map (fun x -> if Single.IsFinite x then x else 0.0f)

            let text =
                values
                |> Array.map (fun x -> x.ToString("G9", Globalization.CultureInfo.InvariantCulture))
                |> String.concat "\n"

            (parse Csv.defaults text).Features = values)
