namespace Functional.Core

open System
open System.Globalization

/// Layers as text, for the command line and for files: conv:32:3,relu,maxpool:2,flatten,dense:128,relu,dropout:0.5,dense:10.
/// A layer is its name, its values and its settings with colons between, as in conv:64:3x5:stride=2:padding=same.
[<RequireQualifiedAccess>]
module LayerText =
    /// How a layer is written.
    type private Form =
        {
            Name: string
            Values: string list
            Settings: string list
        }

        override form.ToString() =
            String.Join(":", form.Name :: form.Values)
            + String.Join("", [ for setting in form.Settings -> $"[:{setting}]" ])

    /// A layer that somebody wrote.
    type private Written =
        {
            Text: string
            Form: Form
            Values: string list
            Settings: Map<string, string>
        }

    let private refuse (written: Written) : 'a =
        Errors.option "layers" $"'{written.Text}'" $"{written.Form}" ""

    // ---- values

    let private number (written: Written) (text: string) =
        match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value -> value
        | _ -> refuse written

    let private whole (written: Written) (text: string) =
        match Int32.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, value -> value
        | _ -> refuse written

    let private sizes (written: Written) (text: string) =
        text.Split 'x' |> Seq.map (whole written) |> Seq.toList

    let private pair (written: Written) (text: string) =
        match sizes written text with
        | [ size ] -> size, size
        | [ height; width ] -> height, width
        | _ -> refuse written

    let private padding (written: Written) (text: string) =
        match text with
        | "valid" -> Padding.Valid
        | "same" -> Padding.Same
        | _ -> Padding.Explicit(pair written text)

    let private flag (written: Written) (text: string) =
        match text with
        | "true" -> true
        | "false" -> false
        | _ -> refuse written

    let private show (value: float) =
        value.ToString("R", CultureInfo.InvariantCulture)

    let private showPair (a, b) = if a = b then $"{a}" else $"{a}x{b}"

    let private showPadding padding =
        match padding with
        | Padding.Valid -> "valid"
        | Padding.Same -> "same"
        | Padding.Explicit(rows, columns) -> showPair (rows, columns)

    /// A setting, or its usual value when it was left out.
    let private setting name read usual (written: Written) =
        match Map.tryFind name written.Settings with
        | Some text -> read written text
        | None -> usual

    /// The settings whose values are not the usual ones.
    let private settings (named: (string * string * string) list) =
        String.Join(
            "",
            [
                for name, usual, value in named do
                    if value <> usual then
                        $":{name}={value}"
            ]
        )

    // ---- layers

    let private window = [ "stride=S"; "padding=valid|same|P" ]
    let private initializer = "init=NAME"

    let private filters =
        window
        @ [
            "dilation=D"
            "groups=G"
            "bias=true|false"
            initializer
            "l1=PRICE"
            "l2=PRICE"
        ]

    let private form name values settings : Form =
        {
            Name = name
            Values = values
            Settings = settings
        }

    let private readInitializer written =
        setting "init" (fun _ text -> Some(Init.ofName text)) None written

    let private showInitializer initializer =
        initializer |> Option.map Init.name |> Option.defaultValue ""

    let private readConv (written: Written) : Conv2DOptions =
        let usual = Conv2DOptions.defaults (whole written written.Values[0]) 1

        {
            Filters = usual.Filters
            Kernel = pair written written.Values[1]
            Stride = setting "stride" pair usual.Stride written
            Padding = setting "padding" padding usual.Padding written
            Dilation = setting "dilation" pair usual.Dilation written
            Groups = setting "groups" whole usual.Groups written
            UseBias = setting "bias" flag usual.UseBias written
            Initializer = readInitializer written
            Regularizer =
                {
                    L1 = setting "l1" number 0.0 written
                    L2 = setting "l2" number 0.0 written
                }
        }

    let private showConv name (options: Conv2DOptions) =
        $"{name}:{options.Filters}:{showPair options.Kernel}"
        + settings
            [
                "stride", "1", showPair options.Stride
                "padding", "valid", showPadding options.Padding
                "dilation", "1", showPair options.Dilation
                "groups", "1", $"{options.Groups}"
                "bias", "true", (if options.UseBias then "true" else "false")
                "init", "", showInitializer options.Initializer
                "l1", "0", show options.Regularizer.L1
                "l2", "0", show options.Regularizer.L2
            ]

    let private readPool (written: Written) : Pool =
        let size = pair written written.Values[0]

        {
            Window = size
            Stride = setting "stride" pair size written
            Padding = setting "padding" padding Padding.Valid written
        }

    let private showPool name (pool: Pool) =
        $"{name}:{showPair pool.Window}"
        + settings
            [
                "stride", showPair pool.Window, showPair pool.Stride
                "padding", "valid", showPadding pool.Padding
            ]

    let private readBatchNorm written =
        LayerSpec.BatchNorm(
            setting "momentum" number BatchNorm.defaultMomentum written,
            setting "epsilon" number BatchNorm.defaultEpsilon written
        )

    let private readers: (Form * (Written -> LayerSpec)) list =
        [
            form "dense" [ "UNITS" ] [ initializer ],
            fun written -> LayerSpec.Dense(whole written written.Values[0], readInitializer written)
            form "conv" [ "FILTERS"; "SIZE" ] filters, (readConv >> LayerSpec.Conv2D)
            form "convtranspose" [ "FILTERS"; "SIZE" ] filters, (readConv >> LayerSpec.ConvTranspose2D)
            form "maxpool" [ "SIZE" ] window, (readPool >> LayerSpec.MaxPool)
            form "avgpool" [ "SIZE" ] window, (readPool >> LayerSpec.AvgPool)
            form "batchnorm" [] [ "momentum=M"; "epsilon=E" ], readBatchNorm
            form "dropout" [ "RATE" ] [], (fun written -> LayerSpec.Dropout(number written written.Values[0]))
            form "flatten" [] [], (fun _ -> LayerSpec.Flatten)
            form "reshape" [ "AxBxC" ] [], (fun written -> LayerSpec.Reshape(sizes written written.Values[0]))
            form "pad" [ "SIZE" ] [], (fun written -> LayerSpec.Pad(whole written written.Values[0]))
            for activation in Activation.all do
                form (Activation.name activation) [] [], (fun _ -> LayerSpec.Activation activation)
        ]

    let private read (text: string) : LayerSpec =
        let parts = text.Trim().Split ':' |> List.ofArray

        match readers |> List.tryFind (fun (form, _) -> form.Name = parts.Head) with
        | None ->
            let names = readers |> List.map (fun (form, _) -> form.Name)
            Errors.option "layers" $"'{text.Trim()}'" (String.Join(", ", names)) (Suggest.fix names parts.Head)
        | Some(form, make) ->
            let settings, values = parts.Tail |> List.partition _.Contains('=')

            let written =
                {
                    Text = text.Trim()
                    Form = form
                    Values = values
                    Settings =
                        Map.ofList
                            [
                                for setting in settings -> (let at = setting.IndexOf '=' in setting[.. at - 1], setting[at + 1 ..])
                            ]
                }

            let known =
                form.Settings |> List.map (fun setting -> setting[.. setting.IndexOf '=' - 1])

            if
                values.Length <> form.Values.Length
                || written.Settings |> Map.exists (fun name _ -> not (List.contains name known))
            then
                refuse written

            make written

    /// The layers that a text lists with commas between. Errors: option, naming the layer that can not be read and its form.
    let parse (text: string) : LayerSpec list =
        text.Split ',' |> Seq.map read |> Seq.toList

    let private showLayer (layer: LayerSpec) =
        match layer with
        | LayerSpec.Dense(units, initializer) -> $"dense:{units}" + settings [ "init", "", showInitializer initializer ]
        | LayerSpec.Conv2D options -> showConv "conv" options
        | LayerSpec.ConvTranspose2D options -> showConv "convtranspose" options
        | LayerSpec.MaxPool pool -> showPool "maxpool" pool
        | LayerSpec.AvgPool pool -> showPool "avgpool" pool
        | LayerSpec.BatchNorm(momentum, epsilon) ->
            "batchnorm"
            + settings
                [
                    "momentum", show BatchNorm.defaultMomentum, show momentum
                    "epsilon", show BatchNorm.defaultEpsilon, show epsilon
                ]
        | LayerSpec.Dropout rate -> $"dropout:{show rate}"
        | LayerSpec.Flatten -> "flatten"
        | LayerSpec.Reshape row -> "reshape:" + String.Join("x", row)
        | LayerSpec.Pad size -> $"pad:{size}"
        | LayerSpec.Activation activation -> Activation.name activation

    /// The text that `parse` reads.
    let print (layers: LayerSpec list) : string =
        String.Join(",", layers |> List.map showLayer)
