namespace Functional.Core

open System
open System.IO

/// What to train on, to choose options with, and to test on.
[<ReferenceEquality>]
type Splits =
    {
        Train: Dataset
        Validation: Dataset option
        Test: Dataset option
    }

/// A set that can be asked for by name, and where it is: None when its files were not found.
type SourceEntry =
    {
        Name: string
        Description: string
        Place: string option
    }

/// From the data argument of a command to sets of rows: letters, plane3d, sequences, mnist, fashion-mnist, gordon2002,
/// idx:IMAGES[,LABELS], csv:FILE, npz:FILE.
[<RequireQualifiedAccess>]
module Sources =
    /// A set in several files, kept under one of several folder names.
    type private Stored =
        {
            Name: string
            Description: string
            Folders: string list
            Files: string list
            /// Where to get it, as the beginning of an advice: "install ..., or ".
            Advice: string
            /// From the files found, in their order.
            Open: string[] -> Splits
        }

    let private images name description folders advice classes =
        let load rows labels =
            Idx.dataset name rows (Some labels) |> Dataset.withClasses classes

        {
            Name = name
            Description = description
            Folders = folders
            Files =
                [
                    "train-images-idx3-ubyte"
                    "train-labels-idx1-ubyte"
                    "t10k-images-idx3-ubyte"
                    "t10k-labels-idx1-ubyte"
                ]
            Advice = advice
            Open =
                fun files ->
                    {
                        Train = load files[0] files[1]
                        Validation = None
                        Test = Some(load files[2] files[3])
                    }
        }

    let private gordon2002 =
        {
            Name = "gordon2002"
            Description = "gene expression of lung tumours: 121 and 60 samples of 12533 probes"
            Folders = [ "gordon2002" ]
            Files = Gordon2002.files
            Advice = ""
            Open =
                fun files ->
                    let train, test = Gordon2002.read files[0] files[1] |> Gordon2002.split

                    {
                        Train = train
                        Validation = None
                        Test = Some test
                    }
        }

    let private clothes =
        [|
            "T-shirt/top"
            "Trouser"
            "Pullover"
            "Dress"
            "Coat"
            "Sandal"
            "Shirt"
            "Sneaker"
            "Bag"
            "Ankle boot"
        |]

    let private stored =
        [
            images
                "mnist"
                "handwritten digits, 28x28: 60000 and 10000 images"
                [ "mnist"; "dataset-mnist"; "MNIST/raw"; "MNIST" ]
                ""
                (Array.init 10 string)
            images
                "fashion-mnist"
                "articles of clothing, 28x28: 60000 and 10000 images"
                [ "fashion-mnist"; "dataset-fashion-mnist"; "FashionMNIST/raw"; "FashionMNIST" ]
                "install Debian's package dataset-fashion-mnist, or "
                clothes
            gordon2002
        ]

    let private forms =
        [
            "idx:IMAGES[,LABELS]"
            "csv:FILE[,missing=POLICY][,label=COLUMN][,transpose]"
            "npz:FILE"
        ]

    /// The folders that are searched for named sets, first to last: the one given, those of the environment variable FUNCTIONAL_DATA, the
    /// user's data folder, and the system's.
    let folders (dataDir: string option) =
        let environment =
            match Environment.GetEnvironmentVariable "FUNCTIONAL_DATA" with
            | null -> []
            | folders -> List.ofArray (folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))

        let user =
            match Environment.GetFolderPath Environment.SpecialFolder.LocalApplicationData with
            | "" -> []
            | folder -> [ Path.Combine(folder, "functional") ]

        Option.toList dataDir @ environment @ user @ [ "/usr/share/datasets" ]

    /// The file called `stem`, whichever way its name is written, gzipped or not.
    let private find (folder: string) (stem: string) =
        [ stem; stem.Replace("-idx", ".idx") ]
        |> List.collect (fun name -> [ name; name + ".gz" ])
        |> List.map (fun name -> Path.Combine(folder, name))
        |> List.tryFind File.Exists

    /// The folder that has all files of a set, and the files.
    let private locate (folders: string list) (set: Stored) =
        let complete (folder: string) =
            let found = set.Files |> List.choose (find folder)

            if found.Length = set.Files.Length then
                Some(folder, Array.ofList found)
            else
                None

        List.allPairs folders set.Folders
        |> List.map (fun (folder, name) -> Path.Combine(folder, name))
        |> List.tryPick complete

    let private openStored (folders: string list) (set: Stored) =
        match locate folders set with
        | Some(_, files) -> set.Open files
        | None ->
            let looked = String.Join(", ", folders)
            let files = String.Join(", ", set.Files)
            let found = $"found no folder {set.Name} with {files} (gzipped or not) in {looked}"
            raise (FileNotFoundException $"{set.Name}: {found}; {set.Advice}name its parent folder with --data-dir or FUNCTIONAL_DATA.")

    let private only set =
        {
            Train = set
            Validation = None
            Test = None
        }

    /// Rows and labels under the names that people give them; a lone array needs none.
    let private fromNpz (path: string) =
        use input = Input.OpenStored path
        let entries = Npz.parse input

        let named (names: string list) =
            entries |> Array.tryFind (fun entry -> List.contains entry.Array.Name names)

        let rows (entry: NpzEntry) (labels: NpzEntry option) =
            let place = $"array '{entry.Array.Name}'"

            if entry.Array.Shape.Length < 1 || Array.contains 0 entry.Array.Shape then
                Errors.data path place $"shape {Errors.show entry.Array.Shape}" "one row or more" ""

            let numbers = NamedArray.toFloat32 entry.Array

            let features =
                if entry.Descr = "|u1" then
                    Array.map (fun level -> level / 255.0f) numbers
                else
                    numbers

            if not (Array.forall Single.IsFinite features) then
                Errors.data path place "a number that is not finite" "finite numbers" ""

            let set =
                Dataset.create (Path.GetFileName path |> nonNull) (Array.tail entry.Array.Shape) features
                |> Dataset.withSource path (Input.Sha256 [ input ])

            match labels with
            | None -> set
            | Some labels when labels.Array.DType = DType.Int32 && labels.Array.Shape = [| set.Count |] ->
                Dataset.withLabels (NamedArray.toInt32 labels.Array) set
            | Some labels ->
                let found =
                    $"{DType.name labels.Array.DType} of shape {Errors.show labels.Array.Shape}"

                Errors.data path $"array '{labels.Array.Name}'" found $"{set.Count} integers, a label for each row" ""

        match named [ "x_train"; "train" ], named [ "x"; "features"; "data"; "images"; "codes" ], entries with
        | Some train, _, _ ->
            {
                Train = rows train (named [ "y_train" ])
                Validation = None
                Test =
                    named [ "x_test"; "test" ]
                    |> Option.map (fun test -> rows test (named [ "y_test" ]))
            }
        | None, Some all, _ -> only (rows all (named [ "y"; "labels"; "target" ]))
        | None, None, [| alone |] -> only (rows alone None)
        | _ ->
            let names = String.Join(", ", entries |> Array.map (fun entry -> entry.Array.Name))
            Errors.data path "" $"arrays {names}" "x_train (with y_train, x_test, y_test), or x (with y), or one array" ""

    let private csvMissing =
        [
            "mean", CsvMissing.Mean
            "zero", CsvMissing.Zero
            "drop-row", CsvMissing.DropRow
        ]

    /// A file name with settings behind it: FILE[,missing=POLICY][,label=COLUMN][,transpose].
    let rec private csvSettings (options: CsvOptions) (text: string) : CsvOptions * string =
        let comma = text.LastIndexOf ','

        match text.Substring(comma + 1).Split('=', 2) with
        | [| "missing"; policy |] when comma > 0 ->
            match csvMissing |> List.tryFind (fun (name, _) -> name = policy) with
            | Some(_, missing) -> csvSettings { options with Missing = missing } (text.Substring(0, comma))
            | None ->
                let names = csvMissing |> List.map fst
                Errors.option "missing" (Excerpt.quote policy) $"""one of {String.Join(", ", names)}""" (Suggest.fix names policy)
        | [| "label"; column |] when comma > 0 ->
            csvSettings
                { options with
                    Label = CsvLabel.Named column
                }
                (text.Substring(0, comma))
        | [| "transpose" |] when comma > 0 -> csvSettings { options with Transpose = true } (text.Substring(0, comma))
        | _ -> options, text

    let private fromCsv (text: string) =
        let options, path = csvSettings Csv.defaults text

        let tabs =
            path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".tsv.gz", StringComparison.OrdinalIgnoreCase)

        Csv.read
            { options with
                Delimiter = (if tabs then '\t' else ',')
            }
            path

    let private fromIdx (files: string) =
        match files.Split(',', 2) with
        | [| rows; labels |] -> Idx.dataset (Path.GetFileName rows |> nonNull) rows (Some labels)
        | _ -> Idx.dataset (Path.GetFileName files |> nonNull) files None

    let private letters seed =
        let key = Threefry.ofSeed seed

        {
            Train = Letters.training (Threefry.split key 0)
            Validation = Some(Letters.heldOut (Threefry.split key 1))
            Test = Some(Letters.heldOut (Threefry.split key 2))
        }

    let private computed (make: struct (uint32 * uint32) -> Dataset * Dataset) seed =
        let train, test = make (Threefry.ofSeed seed)

        {
            Train = train
            Validation = None
            Test = Some test
        }

    let private names =
        [ "letters"; "plane3d"; "sequences" ] @ (stored |> List.map _.Name)

    /// As `resolve`, with the folders to search for named sets.
    let internal resolveIn (folders: string list) (seed: int64) (spec: string) : Splits =
        match spec.Split(':', 2) with
        | [| "letters" |] -> letters seed
        | [| "plane3d" |] -> computed Synthetic.plane3d seed
        | [| "sequences" |] -> computed Synthetic.sequences seed
        | [| "idx"; files |] when files <> "" -> only (fromIdx files)
        | [| "csv"; file |] when file <> "" -> only (fromCsv file)
        | [| "npz"; file |] when file <> "" -> fromNpz file
        | _ ->
            match stored |> List.tryFind (fun set -> set.Name = spec) with
            | Some set -> openStored folders set
            | None ->
                let known = String.Join(", ", names @ forms)
                Errors.option "data" (Excerpt.quote spec) $"one of {known}" (Suggest.fix names spec)

    /// The sets that `spec` names. `seed` is used by those that are made from random numbers (letters, plane3d, sequences).
    /// Errors: option, for an unknown name; `FileNotFoundException`, saying where it looked; data, for damaged files.
    let resolve (dataDir: string option) (seed: int64) (spec: string) : Splits = resolveIn (folders dataDir) seed spec

    /// The named sets, and where each was found.
    let list (dataDir: string option) : SourceEntry list =
        [
            {
                Name = "letters"
                Description = $"capitals in four faces, 29x29: {26 * 3 * Letters.trainingCopies} images, and 312 and 312 noisier ones"
                Place = Some "embedded"
            }
            {
                Name = "plane3d"
                Description = "points near a bent plane: 100 and 100 rows of 3"
                Place = Some "computed"
            }
            {
                Name = "sequences"
                Description = "noisy ways round an ellipse, 32 steps of 2 numbers: 2000 and 500 rows"
                Place = Some "computed"
            }
            for set in stored do
                {
                    Name = set.Name
                    Description = set.Description
                    Place = locate (folders dataDir) set |> Option.map fst
                }
        ]
