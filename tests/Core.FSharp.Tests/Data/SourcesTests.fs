namespace Functional.Core.Tests

open System
open System.IO
open Functional.Core
open Xunit

type SourcesTests() =
    let resolve = Sources.resolve None 1L

    let images count =
        {
            Element = IdxElement.UInt8
            Shape = [| count; 28; 28 |]
            Bytes = Array.zeroCreate (count * 784)
        }

    let labels count =
        {
            Element = IdxElement.UInt8
            Shape = [| count |]
            Bytes = Array.zeroCreate count
        }

    /// The gene expression of three probes, where sample i has 10 i, −i and 7, in two files of a folder.
    let expression (folder: string) (classes: string seq) =
        let line name value =
            String.Join(",", Seq.append [ name ] (Seq.init 181 (fun i -> $"{value i}")))

        let write (name: string) (lines: string seq) =
            File.WriteAllLines(Path.Combine(folder, "gordon2002", name), lines)

        Directory.CreateDirectory(Path.Combine(folder, "gordon2002")) |> ignore

        write
            "gordon2002-expression.csv"
            [
                line "probe" (fun i -> $"s{i}")
                line "a_at" (fun i -> $"{10 * i}")
                line "b_at" (fun i -> $"{-i}")
                line "c_at" (fun _ -> "7")
            ]

        write "gordon2002-classes.csv" (Seq.append [ "sample,class" ] classes)

    [<Fact>]
    member _.``embedded and computed sets need no files``() =
        let letters = resolve "letters"
        Assert.Equal((3120, 312, 312), (letters.Train.Count, letters.Validation.Value.Count, letters.Test.Value.Count))
        Assert.NotEqual<float32[]>(letters.Validation.Value.Features, letters.Test.Value.Features)
        Assert.Equal(100, (resolve "plane3d").Test.Value.Count)
        let sequences = resolve "sequences"
        Assert.Equal((2000, 500), (sequences.Train.Count, sequences.Test.Value.Count))
        Assert.Equal<int[]>([| 32; 2 |], sequences.Train.Shape)

    [<Fact>]
    member _.``an unknown name suggests the nearest``() =
        let error = throws<ArgumentException>(fun () -> resolve "leters" |> ignore)
        Assert.Contains("; perhaps you meant letters.", error.Message)
        Assert.Equal(None, Suggest.nearest [ "letters"; "mnist" ] "wxyz")
        Assert.Equal(3, Suggest.distance "kitten" "sitting")
        Assert.Equal(1, Suggest.distance "vea" "vae")

    [<Fact>]
    member _.``a set that is not there says where it looked``() =
        Golden.inFolder (fun folder ->
            let error =
                throws<FileNotFoundException>(fun () -> Sources.resolveIn [ folder; "elsewhere" ] 1L "fashion-mnist" |> ignore)

            Assert.Contains($"in {folder}, elsewhere; install Debian's package dataset-fashion-mnist, or name its", error.Message)
            Assert.Contains("/usr/share/datasets", Sources.folders None))

    [<Fact>]
    member _.``named sets are found gzipped or not, under their folders' names``() =
        Golden.inFolder (fun data ->
            let folder = Path.Combine(data, "dataset-fashion-mnist")

            let write (name: string) array =
                Idx.write (Path.Combine(folder, name)) array

            write "train-images-idx3-ubyte" (images 3)
            write "train-labels.idx1-ubyte" (labels 3)
            write "t10k-images-idx3-ubyte" (images 2)
            File.WriteAllBytes(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"), Golden.gzip (Idx.encode (labels 2)))
            let found = Sources.resolve (Some data) 1L "fashion-mnist"
            Assert.Equal((3, 2), (found.Train.Count, found.Test.Value.Count))
            Assert.Equal("Ankle boot", found.Train.Classes.Value[9])

            let listed =
                Sources.list (Some data)
                |> List.find (fun entry -> entry.Name = "fashion-mnist")

            Assert.Equal(Some folder, listed.Place))

    [<Fact>]
    member _.``files are read by form``() =
        Golden.inFolder (fun folder ->
            let path name = Path.Combine(folder, name)
            Idx.write (path "rows") (images 2)
            Idx.write (path "labels") (labels 2)
            let rows, labels = path "rows", path "labels"
            Assert.Equal<int32[] option>(Some [| 0; 0 |], (resolve $"idx:{rows},{labels}").Train.Labels)
            Assert.Equal(None, (resolve $"idx:{rows}").Train.Labels)
            File.WriteAllText(path "table.tsv", "1\t2\n3\t4\n")
            let table = path "table.tsv"
            Assert.Equal<int[]>([| 2 |], (resolve $"csv:{table}").Train.Shape))

    [<Fact>]
    member _.``a policy for missing values and a label column stand behind a table's name``() =
        Golden.inFolder (fun folder ->
            let table = Path.Combine(folder, "table.csv")
            File.WriteAllText(table, "a,b,kind\n1,2,0\n3,,1\n5,6,1\n")

            throws<InvalidDataException>(fun () -> resolve $"csv:{table}" |> ignore)
            |> ignore

            Assert.Equal<float32[]>([| 1f; 2f; 3f; 4f; 5f; 6f |], (resolve $"csv:{table},missing=mean,label=kind").Train.Features)
            let dropped = (resolve $"csv:{table},label=kind,missing=drop-row").Train
            Assert.Equal<float32[]>([| 1f; 2f; 5f; 6f |], dropped.Features)
            Assert.Equal<int32[] option>(Some [| 0; 1 |], dropped.Labels)

            let error =
                throws<ArgumentException>(fun () -> resolve $"csv:{table},missing=maen" |> ignore)

            Assert.Equal(
                "missing: found 'maen', expected one of mean, zero, drop-row; perhaps you meant mean.",
                error.Message[.. error.Message.IndexOf '.']
            ))

    [<Fact>]
    member _.``a table's columns can be the rows``() =
        Golden.inFolder (fun folder ->
            let table = Path.Combine(folder, "table.csv")
            File.WriteAllText(table, "probe,s1,s2\na_at,1,2\nb_at,3,4\nc_at,5,\n")
            let set = (resolve $"csv:{table},label=probe,missing=zero,transpose").Train
            Assert.Equal<float32[]>([| 1f; 3f; 5f; 2f; 4f; 0f |], set.Features)
            Assert.Equal((None, None), (set.Labels, set.Classes)))

    [<Fact>]
    member _.``gene expression comes a row a sample, in two parts, scaled by the training samples``() =
        Golden.inFolder (fun folder ->
            expression folder (Seq.init 181 (fun i -> $"""s{i},{(if i < 31 then "m" else "a")}"""))
            let splits = Sources.resolve (Some folder) 1L "gordon2002"
            let train, test = splits.Train, splits.Test.Value
            Assert.Equal((121, 60), (train.Count, test.Count))
            // Samples 0 and 179 are the training samples farthest apart, 180 is a test sample.
            Assert.Equal<float32[]>([| 0f; 1f; 0f |], (Dataset.row 0 train).ToArray())
            Assert.Equal<float32[]>([| 1f; 0f; 0f |], (Dataset.row 120 train).ToArray())
            Assert.Equal((1800f / 1790f, -1f / 179f), (test.Features[59 * 3], test.Features[59 * 3 + 1]))
            Assert.Equal<string[] option>(Some [| "a"; "m" |], train.Classes)

            let mesotheliomas =
                Seq.append train.Labels.Value test.Labels.Value |> Seq.filter ((=) 1)

            Assert.Equal(31, Seq.length mesotheliomas)
            Assert.Equal((64, train.Sha256), (train.Sha256.Length, test.Sha256)))

    [<Fact>]
    member _.``classes of other samples are refused``() =
        Golden.inFolder (fun folder ->
            expression folder (Seq.init 181 (fun i -> $"s{180 - i},a"))

            let error =
                throws<InvalidDataException>(fun () -> Sources.resolve (Some folder) 1L "gordon2002" |> ignore)

            Assert.Contains("gordon2002-classes.csv, column 1: found other samples", error.Message))

    [<Fact>]
    member _.``npz files give training and test sets by the usual names``() =
        Golden.inFolder (fun folder ->
            let path = Path.Combine(folder, "set.npz")

            let rows name count =
                NamedArray.ofFloat32 name [| count; 2 |] (Array.init (2 * count) float32)

            Npz.write
                path
                [
                    rows "x_train" 3
                    NamedArray.ofInt32 "y_train" [| 3 |] [| 0; 1; 2 |]
                    rows "x_test" 1
                ]

            let both = resolve $"npz:{path}"
            Assert.Equal((3, 1), (both.Train.Count, both.Test.Value.Count))
            Assert.Equal<int32[] option>(Some [| 0; 1; 2 |], both.Train.Labels)
            Npz.write path [ rows "anything" 4 ]
            Assert.Equal(4, (resolve $"npz:{path}").Train.Count)
            Npz.write path [ rows "a" 4; rows "b" 4 ]

            let error = throws<InvalidDataException>(fun () -> resolve $"npz:{path}" |> ignore)

            Assert.Contains("arrays a, b", error.Message))
