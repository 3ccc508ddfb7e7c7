using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>Copies a plane of elements, given by two axes, in the way that suits its strides.</summary>
internal static unsafe class PlaneCopy
{
    /// <summary>Runs shorter than this are cheaper element by element than by a block operation each.</summary>
    private const int ShortestRun = 8;

    /// <summary>Whether the plane is read along its rows' axis and written along its columns'.</summary>
    public static bool Transposes(MoveAxis rows, MoveAxis columns) => columns is { Target: 1, Source: not (0 or 1) } && rows.Source == 1;

    /// <summary>Copies element (r, c) of the source to element (r, c) of the target for all r and c.</summary>
    public static void Copy<T>(T* source, T* target, MoveAxis rows, MoveAxis columns)
        where T : unmanaged
    {
        if (Transposes(rows, columns))
            Transposition.Copy(source, columns.Source, target, rows.Target, rows.Length, columns.Length);
        else if (columns.Target != 1 || columns.Length < ShortestRun)
            CopyElements(source, target, rows, columns);
        else if (columns.Source == 1)
            CopyRuns(source, target, rows, columns);
        else if (columns.Source == 0)
            Repeat(source, target, rows, columns);
        else
            CopyElements(source, target, rows, columns);
    }

    private static void CopyRuns<T>(T* source, T* target, MoveAxis rows, MoveAxis columns)
        where T : unmanaged
    {
        for (long row = 0; row < rows.Length; row++)
            Unsafe.CopyBlockUnaligned(target + row * rows.Target, source + row * rows.Source, (uint)(columns.Length * sizeof(T)));
    }

    private static void Repeat<T>(T* source, T* target, MoveAxis rows, MoveAxis columns)
        where T : unmanaged
    {
        for (long row = 0; row < rows.Length; row++)
            new Span<T>(target + row * rows.Target, (int)columns.Length).Fill(source[row * rows.Source]);
    }

    private static void CopyElements<T>(T* source, T* target, MoveAxis rows, MoveAxis columns)
        where T : unmanaged
    {
        if (columns.Length < ShortestRun)
            (rows, columns) = (columns, rows);
        for (long row = 0; row < rows.Length; row++)
        {
            T* from = source + row * rows.Source;
            T* to = target + row * rows.Target;
            for (long column = 0; column < columns.Length; column++)
            {
                *to = *from;
                from += columns.Source;
                to += columns.Target;
            }
        }
    }
}
