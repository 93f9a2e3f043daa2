using Cdr.Portal.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Portal.Layout;

/// <summary>A person who follows a wrong address, or meets a failure before any page, gets a page; a program gets problem details.</summary>
internal static partial class MissingPage
{
    public static void UseMissingPage(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!WantsPage(context.Request))
        {
            await next(context);
            // A form that was opened before another tab signed in or out is refused; a fresh one says so.
            if (context is { Request: { Path.Value: PortalCookie.SignInPath, Method: "POST" }, Response: { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false } })
                context.Response.Redirect(PortalCookie.SignInBecause(SessionEndings.OutdatedForm));
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Log.Failed(context.RequestServices.GetRequiredService<ILogger<App>>(), e);
            context.Response.Clear();
            await ShowAsync(context, StatusCodes.Status500InternalServerError);
            return;
        }

        if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false } && context.GetEndpoint() is null)
            await ShowAsync(context, StatusCodes.Status404NotFound);
    });

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private static Task ShowAsync(HttpContext context, int status)
    {
        PageHeaders.Write(context.Response);
        return new RazorComponentResult<Astray>(new Dictionary<string, object?> { [nameof(Astray.Status)] = status }) { StatusCode = status }.ExecuteAsync(context);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A page failed before it began.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
