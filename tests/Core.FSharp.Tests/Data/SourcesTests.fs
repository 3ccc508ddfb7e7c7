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

    [<Fact>]
    member _.``embedded and computed sets need no files``() =
        let letters = resolve "letters"
        Assert.Equal((3120, 312, 312), (letters.Train.Count, letters.Validation.Value.Count, letters.Test.Value.Count))
        Assert.NotEqual<float32[]>(letters.Validation.Value.Features, letters.Test.Value.Features)
        Assert.Equal(100, (resolve "plane3d").Test.Value.Count)

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
                throws<FileNotFoundException>(fun () -> Sources.resolve (Some folder) 1L "fashion-mnist" |> ignore)

            Assert.Contains(folder, error.Message)
            Assert.Contains("/usr/share/datasets", error.Message))

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
