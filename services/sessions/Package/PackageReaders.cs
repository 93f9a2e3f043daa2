using System.Text.Json;
using Cdr.Contracts.Sessions;

namespace Cdr.Sessions.Package;

/// <summary><c>readers.json</c> of the package: which readers serve, by version.</summary>
internal static class PackageReaders
{
    private const string File = "readers.json";

    /// <summary>False where the file is there and is no such list: wrong at a start, and left out where it became so since.</summary>
    /// <param name="folder">Of the package.</param>
    /// <param name="readers">Null where there is no file.</param>
    public static bool TryRead(string folder, out IReadOnlyList<PackageReader>? readers)
    {
        readers = null;
        var file = new FileInfo(Path.Combine(folder, File));
        // A link could lead out of the folder.
        if (!file.Exists || file.LinkTarget is not null)
            return true;
        try
        {
            var told = JsonSerializer.Deserialize<PackageReader[]>(System.IO.File.ReadAllBytes(file.FullName), JsonSerializerOptions.Web) ?? [];
            if (!told.All(IsWhole))
                return false;
            readers = told;
            return true;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsWhole(PackageReader? reader) => reader is { Name.Length: > 0, Version.Length: > 0 } && ReaderStates.All.Contains(reader.State);
}
