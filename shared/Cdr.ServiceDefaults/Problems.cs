using Cdr.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cdr.ServiceDefaults;

/// <summary>Problem details (RFC 9457) with a stable type, <c>urn:cdr:problem:{code}</c>, a title for the clerk, and what to do next.</summary>
public static class Problems
{
    /// <summary>The type of a code.</summary>
    public static string TypeOf(string code) => "urn:cdr:problem:" + code;

    /// <summary>A problem.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">Stable, kebab-case.</param>
    /// <param name="title">What is wrong, in words for the person who reads it, in French.</param>
    /// <param name="detail">What to do next.</param>
    /// <param name="more">Further members; nothing personal.</param>
    public static ProblemHttpResult Problem(int status, string code, string title, string? detail = null, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        foreach (var (name, value) in more)
            extensions[name] = value;
        return TypedResults.Problem(detail, statusCode: status, title: title, type: TypeOf(code), extensions: extensions);
    }

    /// <summary>400 that names the field, and where known the place in it: <c>position</c>, counted from 0 in what was sent. Never the value.</summary>
    public static ProblemHttpResult Invalid(string field, string code, string title, string? detail = null, int? position = null) =>
        Problem(StatusCodes.Status400BadRequest, code, title, detail, ("field", field), ("position", position));

    /// <summary>400 from what a value of the field said of a text.</summary>
    public static ProblemHttpResult Invalid(string field, ParseError error) => Invalid(field, error.Code, error.Message, position: error.Position);

    /// <summary>401: the session ended while the page or program was still open.</summary>
    public static ProblemHttpResult SessionEnded() =>
        Problem(StatusCodes.Status401Unauthorized, "session-ended", "Votre session est terminée.", "Remettez votre carte et reconnectez-vous.");

    /// <summary>503: nobody can vouch for the session now.</summary>
    public static ProblemHttpResult SessionUnknown() =>
        Problem(StatusCodes.Status503ServiceUnavailable, "session-unknown", "Votre session ne peut pas être vérifiée en ce moment.", "Réessayez dans quelques instants.");

    internal static void AddProblems(this WebApplicationBuilder builder)
    {
        // Development would throw them: a 500, and the exception handler logs the place in the body, which may be a NIR.
        builder.Services.PostConfigure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        // These name the body's properties at the level Debug, and a wrong body may hold a NIR anywhere.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Http.RequestDelegateFactory", LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Http.RequestDelegateGenerator", LogLevel.Information);
        // These write whole addresses, those of redirections too, in which a caller may have put a person by mistake.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Http.Result.RedirectResult", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing.Matching", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Warning);
        builder.Services.AddSingleton(AddresslessLoggers.Make);
        // After the framework's own, which leaves a caller who accepts a stream of events without a word.
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IProblemDetailsWriter, ProblemDetailsForAll>());
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            problem.Extensions["traceId"] = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
            if (problem.Status == StatusCodes.Status503ServiceUnavailable)
                context.HttpContext.Response.Headers.RetryAfter = "1";
            if (problem.Extensions.ContainsKey("code"))
                return;
            var (code, title, detail) = Words(problem.Status ?? context.HttpContext.Response.StatusCode);
            problem.Type = TypeOf(code);
            problem.Title = title;
            // The framework's own detail may quote the body: a binding error names the text that it could not read.
            problem.Detail = detail;
            problem.Extensions["code"] = code;
        });
    }

    private sealed class ProblemDetailsForAll(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public async ValueTask WriteAsync(ProblemDetailsContext context)
        {
            context.ProblemDetails.Status ??= context.HttpContext.Response.StatusCode;
            options.Value.CustomizeProblemDetails?.Invoke(context);
            await context.HttpContext.Response.WriteAsJsonAsync(context.ProblemDetails, options: null, "application/problem+json", context.HttpContext.RequestAborted);
        }
    }

    private static (string Code, string Title, string? Detail) Words(int status) => status switch
    {
        400 => ("request-unreadable", "La demande n'est pas lisible.", "Vérifiez que le corps est du JSON conforme à la description de l'API."),
        401 => ("not-signed-in", "Vous n'êtes pas connecté.", "Insérez votre carte et connectez-vous."),
        403 => ("not-allowed", "Votre rôle ne permet pas cette action.", null),
        404 => ("not-found", "Cette adresse n'existe pas.", null),
        405 => ("method-not-allowed", "Cette action n'existe pas à cette adresse.", null),
        413 => ("request-too-large", "La demande est trop volumineuse.", null),
        415 => ("content-type-unsupported", "Le type de contenu n'est pas accepté.", "Envoyez du JSON : Content-Type: application/json."),
        503 => ("unavailable", "Le service ne peut pas tenir sa promesse en ce moment.", "Réessayez dans quelques instants."),
        _ => ("unexpected", "Une erreur inattendue s'est produite.", "Réessayez ; si l'erreur persiste, appelez la hotline en donnant l'identifiant de trace."),
    };
}
