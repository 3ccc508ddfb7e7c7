using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>A line of pictures on a sheet.</summary>
/// <param name="Name">What stands before the line; it may be empty. Characters outside of ASCII become question marks, as in all labels.</param>
/// <param name="Rows">The pictures from left to right.</param>
/// <param name="Labels">A text under each picture, or none.</param>
public sealed record PictureLine(string Name, DataRows Rows, IReadOnlyList<string>? Labels = null);

/// <summary>Pictures with words on a sheet of light grey: 0 is black and 1 white.</summary>
public static class PictureGrid
{
    private const int Gap = 3;
    private const int Margin = 6;

    /// <summary>Writes lines of pictures below one another, each with its name before it: originals, noisy ones, what a model makes of them.</summary>
    /// <param name="path">The PNG file; its folder is made when missing.</param>
    /// <param name="lines">One line or more. Their pictures may differ in number and in size.</param>
    /// <exception cref="InvalidOperationException">rows are not images, or there are none.</exception>
    /// <exception cref="ArgumentException">there are no lines, or not as many labels as pictures.</exception>
    public static void SavePng(string path, params IReadOnlyList<PictureLine> lines)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Count == 0)
            Core.Errors.option<Unit>("lines", "none", "one or more", "");
        int longest = lines.Max(line => line.Name.Length);
        IEnumerable<Core.Picture> named = lines.Select(line =>
        {
            Core.Picture pictures = Beside(Tiles(line.Labels, line.Rows));
            Core.Picture name = Core.Sheet.rightAligned(longest * Core.Glyphs.Width, Core.Sheet.text(line.Name));
            return longest == 0 ? pictures : Core.Sheet.beside(2 * Gap, ListModule.OfSeq([name, pictures]));
        });
        Write(path, named);
    }

    /// <summary>Writes stacks of pictures, with a label under each stack, in lines of as many as there are columns.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="columns">Stacks in a line.</param>
    /// <param name="labels">One for each stack.</param>
    /// <param name="rows">What the stacks consist of, from top to bottom; stack i has the rows i.</param>
    internal static void SaveLabelled(string path, int columns, IReadOnlyList<string> labels, params DataRows[] rows) =>
        Write(path, Tiles(labels, rows).Chunk(columns).Select(Beside));

    private static void Write(string path, IEnumerable<Core.Picture> lines) =>
        Core.Png.write(path, Core.Sheet.framed(Margin, Core.Sheet.below(Gap, ListModule.OfSeq(lines))));

    private static Core.Picture Beside(IEnumerable<Core.Picture> tiles) => Core.Sheet.beside(Gap, ListModule.OfSeq(tiles));

    /// <summary>One picture for each row of the sets, all of one width.</summary>
    private static IReadOnlyList<Core.Picture> Tiles(IReadOnlyList<string>? labels, params DataRows[] rows)
    {
        int count = rows[0].Count;
        if (labels is not null && labels.Count != count)
            Core.Errors.option<Unit>("labels", $"{labels.Count}", $"{count}, one for each picture", "");
        Core.Picture[][] pictures = [.. rows.Select(set => set.Pictures(0, count))];
        int width = Math.Max(pictures.Max(set => set[0].Width), labels?.Max(label => label.Length * Core.Glyphs.Width) ?? 0);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => pictures.Select(set => set[i]).Concat(labels is null ? [] : [Core.Sheet.text(labels[i])]))
                .Select(stack => Core.Sheet.below(1, ListModule.OfSeq(stack.Select(picture => Core.Sheet.centred(width, picture))))),
        ];
    }
}
