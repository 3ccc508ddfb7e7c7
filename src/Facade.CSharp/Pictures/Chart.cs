namespace Functional;

/// <summary>A drawn chart. Made by <see cref="Charts"/>; equal inputs give equal bytes.</summary>
public sealed class Chart
{
    internal Chart(string svg) => Svg = svg;

    /// <summary>The chart as a picture of SVG 1.1, which can stand in an HTML page as it is.</summary>
    public string Svg { get; }

    /// <summary>Writes the picture, whole or not at all.</summary>
    /// <param name="path">The SVG file; its folder is made when missing.</param>
    public void SaveSvg(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        TextFile.Write(path, Svg + "\n");
    }
}
