using Cdr.Portal.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Cdr.Portal.Figures;

/// <summary>A page of figures: what it shows is in its address, and it is asked again when that changes.</summary>
public abstract class FigurePage : ComponentBase, IDisposable
{
    private CancellationTokenSource loading = new();
    private string path = "";

    [Inject]
    private protected Caller Caller { get; set; } = null!;

    [Inject]
    private protected TimeProvider Clock { get; set; } = null!;

    [Inject]
    private protected NavigationManager Navigation { get; set; } = null!;

    /// <value>Null until it is known.</value>
    private protected SignedIn? Person { get; private set; }

    private protected FigureQuery Query { get; private set; } = new();

    private protected Trouble? Trouble { get; private set; }

    /// <value>What is shown is not yet what the address says.</value>
    private protected bool IsLoading { get; private set; } = true;

    private protected bool IsReader => Person is not null && FigureReaders.Is(Person.Role);

    private protected bool SeesAll => Person is not null && FigureReaders.SeesAll(Person.Role);

    /// <value>The address holds a filter that is not known: nothing is asked, and the page says so.</value>
    private protected bool IsRefused => Query.Refused.Count > 0;

    private protected DateOnly Today => FigureCalls.Today(Clock.GetUtcNow());

    private protected static TimeZoneInfo Paris { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Person = await Caller.WhoAsync();
        if (!IsReader)
            return;
        path = new Uri(Navigation.Uri).AbsolutePath;
        Navigation.LocationChanged += Moved;
        StateHasChanged();
        await ShowAsync();
    }

    /// <summary>Asks for what the address says.</summary>
    private protected abstract Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Asks again: a retry, or an address that changed.</summary>
    private protected async Task ShowAsync()
    {
        await loading.CancelAsync();
        loading.Dispose();
        loading = new CancellationTokenSource();
        var token = loading.Token;
        (Query, Trouble, IsLoading) = (FigureQuery.Read(Navigation.Uri), null, true);
        try
        {
            if (!IsRefused)
                await LoadAsync(token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Another address was asked for meanwhile.
            return;
        }

        IsLoading = false;
    }

    /// <summary>What was said, or null: the page then says why.</summary>
    private protected async Task<T?> AskAsync<T>(Task<Reply<T>> call)
        where T : class
    {
        switch (await call)
        {
            case Reply<T>.Ok ok:
                Trouble = null;
                return ok.Value;
            case Reply<T>.Refused refused:
                Trouble = refused.Trouble;
                return null;
            default:
                return null;
        }
    }

    /// <summary>Shows something else at the same page.</summary>
    private protected void Go(FigureQuery query, bool replace = false) => Navigation.NavigateTo(query.At(path), replace: replace);

    private protected virtual void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= Moved;
        loading.Cancel();
        loading.Dispose();
    }

    private void Moved(object? sender, LocationChangedEventArgs moved) => _ = InvokeAsync(async () =>
    {
        if (new Uri(moved.Location).AbsolutePath != path)
            return;
        var showing = ShowAsync();
        StateHasChanged();
        await showing;
        StateHasChanged();
    });
}
