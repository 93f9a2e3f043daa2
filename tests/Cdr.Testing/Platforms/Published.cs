using Cdr.Testing.Servers;

namespace Cdr.Testing.Platforms;

/// <summary>Programs that run only published: outside Development, unpublished pages come without their files.</summary>
internal static class Published
{
    private static readonly Lazy<Task<string>> Portal = new(PublishPortalAsync);

    public static Task<string> PortalAsync(CancellationToken cancellationToken) => Portal.Value.WaitAsync(cancellationToken);

    private static async Task<string> PublishPortalAsync()
    {
        var built = Repository.Program("services/portal", "Cdr.Portal");
        var folder = Path.Combine(Repository.Root, "artifacts", "published", "portal");
        var program = Path.Combine(folder, "Cdr.Portal.dll");
        if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(built))
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            await ServerProgram.RunAsync("dotnet",
                ["publish", Path.Combine(Repository.Root, "services/portal"), "--no-build", "-c", Repository.Configuration, "-o", folder, "-nodeReuse:false"]);
            File.SetLastWriteTimeUtc(program, File.GetLastWriteTimeUtc(built));
        }

        return program;
    }
}
