namespace Functional.Core

open System.Reflection

/// How much noise a letter gets.
type LetterNoise =
    {
        /// The probability that a pixel is inverted.
        Flip: float32
        /// The most pixels that a letter moves, each way, in both directions.
        Shift: int
        /// The standard deviation of the Gaussian noise added to every pixel.
        Sigma: float32
    }

/// The capitals A-Z as 29x29 grey images, ink 1 on 0, in four faces with the metrics of Arial, Courier, Times and Tahoma, after the
/// experiment of lecture 19.3. `scripts/render-letters.sh` drew them.
[<RequireQualifiedAccess>]
module Letters =
    /// Rows and columns of an image.
    [<Literal>]
    let Side = 29

    [<Literal>]
    let private LetterCount = 26

    /// The faces, in the order of the rendered sheet; the last is kept from the training set.
    let faces = [| "Liberation Sans"; "Liberation Mono"; "Liberation Serif"; "Tahoma" |]

    /// The classes, A to Z.
    let classes = Array.init LetterCount (fun i -> string (char (int 'A' + i)))

    /// The training set's noise: hardly visible.
    let lightNoise =
        {
            Flip = 0.01f
            Shift = 1
            Sigma = 0.05f
        }

    /// The noise of the validation and test sets.
    let heavyNoise =
        {
            Flip = 0.03f
            Shift = 2
            Sigma = 0.15f
        }

    /// Copies of each glyph in the training set (the first has no noise) and in the validation and test sets.
    let trainingCopies, heldOutCopies = 40, 3

    let private sheet =
        lazy
            (let assembly = Assembly.GetExecutingAssembly()
             use stream = assembly.GetManifestResourceStream "letters.idx.gz" |> nonNull
             let bytes = Array.zeroCreate<byte>(int stream.Length)
             stream.ReadExactly(bytes, 0, bytes.Length)
             use input = Input.OfBytes("letters.idx.gz", bytes)
             Idx.parse input |> Idx.toFloat32, Input.Sha256 [ input ])

    /// The rendered glyph of a letter in a face, without noise: Side · Side numbers in [0, 1].
    let glyph face letter =
        let size = Side * Side
        Array.sub (fst sheet.Value) ((face * LetterCount + letter) * size) size

    /// A number in −shift..shift from 32 random bits.
    let private offset shift (word: uint32) =
        int ((uint64 word * uint64 (2 * shift + 1)) >>> 32) - shift

    /// Shifts a glyph, inverts pixels, adds Gaussian noise, clamps to [0, 1] and rounds to 256 grey levels, which is what images have,
    /// and makes the bits independent of the last digit of the machine's logarithm.
    let noisy noise key (glyph: float32[]) =
        let shifts, flips, grain =
            Threefry.split key 0, Threefry.split key 1, Threefry.split key 2

        let down, right =
            offset noise.Shift (Threefry.word shifts 0L), offset noise.Shift (Threefry.word shifts 1L)

        Array.init glyph.Length (fun i ->
            let y, x = i / Side - down, i % Side - right
            let inside = y >= 0 && y < Side && x >= 0 && x < Side
            let ink = if inside then glyph[y * Side + x] else 0.0f

            let ink =
                if Threefry.uniform flips i < noise.Flip then
                    1.0f - ink
                else
                    ink

            let ink = ink + noise.Sigma * float32 (Threefry.normal grain i)
            round (255.0f * min 1.0f (max 0.0f ink)) / 255.0f)

    let private build name faceCount copies (image: int -> float32[] -> float32[]) =
        let count = copies * faceCount * LetterCount

        let features =
            Array.Parallel.init count (fun i -> image i (glyph (i / LetterCount % faceCount) (i % LetterCount)))

        let _, sha256 = sheet.Value

        Dataset.create name [| Side; Side |] (Array.concat features)
        |> Dataset.withLabels (Array.init count (fun i -> i % LetterCount))
        |> Dataset.withClasses classes
        |> Dataset.withSource "embedded glyphs with seeded noise" sha256

    /// A training set: the first three faces, the glyphs themselves and then noisy copies, 26 · 3 · 40 = 3120 images.
    let trainingWith noise key =
        let clean = 3 * LetterCount

        let image i glyph =
            if i < clean then
                glyph
            else
                noisy noise (Threefry.foldIn key i) glyph

        build "letters" 3 trainingCopies image

    /// A held-out set: all four faces with noise, 26 · 4 · 3 = 312 images. Different keys give validation and test.
    let heldOutWith noise key =
        build "letters" faces.Length heldOutCopies (fun i -> noisy noise (Threefry.foldIn key i))

    /// The training set with its own noise.
    let training key = trainingWith lightNoise key

    /// A held-out set with its own noise.
    let heldOut key = heldOutWith heavyNoise key
