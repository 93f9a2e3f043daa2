using System.Globalization;
using System.Text.RegularExpressions;
using Cdr.Deployment.Tests.Charts;
using k8s.Models;

namespace Cdr.Deployment.Tests.Containers;

/// <summary>docker-compose.yml, as docker-compose itself understands it. Nothing is started here.</summary>
public sealed partial class ComposeTests
{
    private static readonly string[] Programs = ["sessions", "rights", "usage", "support", "portal", "simulator", "drawer"];

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("docker-compose.yml", "docker-compose.debian.yml")]
    public async Task It_is_understood_without_a_word_of_warning(params string[] files)
    {
        var (code, output) = await ConfigAsync(files);
        Assert.True(code == 0, output);
        Assert.DoesNotContain("WARN", output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("variable is not set", output, StringComparison.Ordinal);
        Assert.Equal(files.Length > 1, output.Contains("cdr-postgresql:local", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Programs_are_nobody_write_nowhere_and_are_asked_how_they_do()
    {
        var services = await ServicesAsync();
        foreach (var name in Programs.Concat(Programs.Take(5).Select(one => one + "-migrate")))
        {
            var service = Map(services[name]);
            Assert.Equal("1654:1654", service["user"]);
            Assert.Equal(true, service["read_only"]);
            Assert.Equal(["ALL"], List(service["cap_drop"]));
            Assert.Contains("no-new-privileges:true", List(service["security_opt"]));
        }
    }

    [Fact]
    public async Task Services_write_a_line_an_entry_with_its_trace_and_their_images_say_which_version_they_are()
    {
        var services = await ServicesAsync();
        foreach (var name in Programs.Take(5))
        {
            var environment = Map(Map(services[name])["environment"]);
            Assert.Equal("json", environment["Logging__Console__FormatterName"]);
            Assert.Equal("true", environment["Logging__Console__FormatterOptions__IncludeScopes"]);
        }

        Assert.All(Programs, name => Assert.Equal(((string)Map(services[name])["image"]!).Split(':')[^1], Map(Map(Map(services[name])["build"])["args"])["VERSION"]));
    }

    /// <summary>A program reads all its settings before it migrates: one that is missing there ends it.</summary>
    [Fact]
    public async Task A_migration_has_its_services_settings_and_the_owners_folder_besides()
    {
        var services = await ServicesAsync();
        foreach (var name in Programs.Take(5))
        {
            var of = Map(Map(services[name])["environment"]);
            var migration = Map(Map(services[name + "-migrate"])["environment"]);
            Assert.Equal("/etc/cdr/secrets;/etc/cdr/owner", migration["Secrets__Folder"]);
            Assert.Equal("/etc/cdr/secrets", of["Secrets__Folder"]);
            Assert.All(of.Where(one => one.Key != "Secrets__Folder"), one => Assert.Equal(one.Value, migration[one.Key]));
            Assert.DoesNotContain(List(Map(services[name])["volumes"]), mount => ((string)mount!).Contains("owner", StringComparison.Ordinal));
        }
    }

    /// <summary>The demo's cards are in everybody's hands.</summary>
    [Fact]
    public async Task Nothing_believes_the_demos_cards_but_a_demo_that_was_asked_for()
    {
        Assert.All(await ServicesAsync(), one => Assert.False(IsDevelopment(one.Value) && List(Map(one.Value)["profiles"]) is not ["demo"], one.Key));
        Assert.DoesNotContain("demo", Files.Read(".env").Split('\n').Single(line => line.StartsWith("COMPOSE_PROFILES=", StringComparison.Ordinal)), StringComparison.Ordinal);
        var (code, output) = await Tool.RunAsync("docker-compose", "--env-file", "deploy/demo.env", "config");
        Assert.True(code == 0, output);
        var demo = Map(Yaml.Read(output)["services"]);
        Assert.True(IsDevelopment(demo["sessions"]));
        Assert.Contains("drawer", demo.Keys);

        static bool IsDevelopment(object? service) => Map(service).TryGetValue("environment", out var environment) && Equals(Map(environment).GetValueOrDefault("ASPNETCORE_ENVIRONMENT"), "Development");
    }

    /// <summary>What the root is read only for, and outlives the container.</summary>
    [Fact]
    public async Task The_journals_anchors_have_a_volume()
    {
        var rights = Map((await ServicesAsync())["rights"]);
        var folder = (string)Map(rights["environment"])["Journal__Upkeep__AnchorFolder"]!;
        Assert.Contains(List(rights["volumes"]), mount => ((string)mount!).StartsWith("anchors:" + folder, StringComparison.Ordinal));
        Assert.Contains(Path.GetFileName(folder), Files.Read("deploy", "images", "Dockerfile").Split('\n').Single(line => line.Contains("mkdir -p /state", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    /// <summary>Every service with a full pool, while each is being replaced.</summary>
    [Fact]
    public async Task PostgreSQL_has_a_connection_for_each_of_every_pool()
    {
        var pool = int.Parse(Pool().Match(Files.Read("shared", "Cdr.ServiceDefaults", "Stores", "Store.cs")).Groups[1].Value, CultureInfo.InvariantCulture);
        var bundled = new Manifests(Chart.RenderByStandIn(Chart.Values("trial"))).Of<V1StatefulSet>().Single(one => one.Metadata.Name == "cdr-postgresql").Spec.Template.Spec.Containers.Single().Args;
        foreach (var said in (string[])[string.Join(' ', List(Map((await ServicesAsync())["postgresql"])["command"])), string.Join(' ', bundled ?? []), Files.Read("deploy", "images", "debian", "postgresql", "start")])
            Assert.True(int.Parse("0" + Connections().Match(said).Groups[1].Value, CultureInfo.InvariantCulture) >= 2 * pool * 5, said);
    }

    /// <summary>A regime more without another image.</summary>
    [Fact]
    public async Task A_registry_of_ones_own_is_mounted_where_Rights_is_told_to_read_it()
    {
        var (code, output) = await ConfigAsync("docker-compose.yml", "docker-compose.regimes.yml");
        Assert.True(code == 0, output);
        var rights = Map(Map(Yaml.Read(output)["services"])["rights"]);
        var file = (string)Map(rights["environment"])["Regimes__RegistryFile"]!;
        Assert.Contains(List(rights["volumes"]), mount => (string)mount! == $"{Files.At("data", "regimes.json")}:{file}:ro");
        Assert.Contains(List(rights["volumes"]), mount => ((string)mount!).StartsWith("anchors:", StringComparison.Ordinal));
        Assert.False(Map(Map((await ServicesAsync())["rights"])["environment"]).ContainsKey("Regimes__RegistryFile"));
    }

    /// <summary>Without TLS before it a cookie is read by whoever listens: said by a demo alone.</summary>
    [Fact]
    public async Task Cookies_go_over_TLS_alone_but_in_a_demo()
    {
        Assert.Equal("true", Map(Map((await ServicesAsync())["portal"])["environment"])["Portal__SecureCookie"]);
        var (code, output) = await Tool.RunAsync("docker-compose", "--env-file", "deploy/demo.env", "config");
        Assert.True(code == 0, output);
        Assert.Equal("false", Map(Map(Map(Yaml.Read(output)["services"])["portal"])["environment"])["Portal__SecureCookie"]);
    }

    /// <summary>One that grows without end takes the machine of all the others otherwise.</summary>
    [Fact]
    public async Task Whatever_runs_has_an_end_to_its_memory() =>
        Assert.All(await ServicesAsync(), one => Assert.Matches("^[1-9][0-9]*[mg]?$", Convert.ToString(Map(one.Value).GetValueOrDefault("mem_limit"), CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Images_have_a_version_and_secrets_are_files()
    {
        foreach (var (name, of) in await ServicesAsync())
        {
            var service = Map(of);
            var image = (string)service["image"]!;
            Assert.True(image.Contains(':', StringComparison.Ordinal) && !image.EndsWith(":latest", StringComparison.Ordinal), $"{name}: {image}");
            Assert.Contains(Assert.Single(List(service["profiles"])), (string[])["core", "observability", "demo"]);
            foreach (var (key, value) in service.TryGetValue("environment", out var environment) ? Map(environment) : [])
            {
                var isSecret = key.StartsWith("ConnectionStrings", StringComparison.Ordinal) || key.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase) && !(value as string ?? "").StartsWith('/');
                Assert.False(isSecret, $"{name}: {key}");
            }

            // One's own machine alone.
            Assert.All(service.TryGetValue("ports", out var ports) ? List(ports) : [], port => Assert.StartsWith("127.0.0.1:", (string)port!, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_is_mounted_of_the_repository_is_there()
    {
        var mounts = (await ServicesAsync()).Values.SelectMany(one => Map(one).TryGetValue("volumes", out var volumes) ? List(volumes) : [])
            .Select(mount => ((string)mount!).Split(':')[0]).Where(source => source.StartsWith(Files.Root, StringComparison.Ordinal)).ToList();
        Assert.Contains(mounts, source => source.EndsWith("/deploy/prometheus", StringComparison.Ordinal));
        Assert.All(mounts.Where(source => !source.StartsWith(Files.At("data"), StringComparison.Ordinal)), source => Assert.True(Path.Exists(source), source));
    }

    [Fact]
    public async Task A_demos_mail_is_caught_and_an_installation_that_names_no_server_sends_none()
    {
        var demo = File.ReadAllLines(Files.At("deploy", "demo.env")).Where(line => line.Contains('=', StringComparison.Ordinal)).Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        var services = await ServicesAsync();
        Assert.Contains(demo["CDR_SMTP_HOST"], services.Keys);
        Assert.StartsWith("docker.io/axllent/mailpit:", (string)Map(services[demo["CDR_SMTP_HOST"]])["image"]!, StringComparison.Ordinal);
        Assert.Equal("1025", demo["CDR_SMTP_PORT"]);
        Assert.Equal("", Map(Map(services["support"])["environment"])["Support__Mail__Host"]);
    }

    /// <summary>Each program is built by the one Dockerfile, of a project that is there and makes that program.</summary>
    [Fact]
    public async Task Every_program_is_built_the_same_way()
    {
        var services = await ServicesAsync();
        foreach (var name in Programs)
        {
            var build = Map(Map(services[name])["build"]);
            Assert.Equal("deploy/images/Dockerfile", build["dockerfile"]);
            var arguments = Map(build["args"]);
            Assert.True(File.Exists(Files.At((string)arguments["PROJECT"]!, arguments["ASSEMBLY"] + ".csproj")), name);
        }
    }

    [Fact]
    public void The_one_Dockerfile_needs_no_shell_to_run_and_is_nobody()
    {
        var last = Files.Read("deploy", "images", "Dockerfile").Split("FROM ${BASE}")[1];
        Assert.DoesNotContain("RUN ", last, StringComparison.Ordinal);
        Assert.Contains("USER 1654:1654", last, StringComparison.Ordinal);
        Assert.Contains("HEALTHCHECK", last, StringComparison.Ordinal);
        Assert.Contains("CMD [\"/app/program\", \"--health\"]", last, StringComparison.Ordinal);
        Assert.Contains("ENTRYPOINT [\"/app/program\"]", last, StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, object?>> ServicesAsync()
    {
        var (code, output) = await ConfigAsync("docker-compose.yml");
        Assert.True(code == 0, output);
        return Map(Yaml.Read(output)["services"]);
    }

    // The environment of whoever runs the tests sets nothing: .env says it all.
    private static Task<(int Code, string Output)> ConfigAsync(params IEnumerable<string> files) =>
        Tool.RunAsync("docker-compose", ["--profile", "core", "--profile", "observability", "--profile", "demo", .. files.SelectMany(file => (string[])["-f", file]), "config"]);

    private static Dictionary<string, object?> Map(object? value) => Assert.IsType<Dictionary<string, object?>>(value);

    private static List<object?> List(object? value) => Assert.IsType<List<object?>>(value);

    [GeneratedRegex("const int Connections = ([0-9]+);")]
    private static partial Regex Pool();

    [GeneratedRegex("max_connections ?= ?([0-9]+)")]
    private static partial Regex Connections();
}
