using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Sessions.Data.Migrations
{
    /// <inheritdoc />
    internal sealed partial class OnePostOfNoEstablishment : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Of several, the one that reported last; their cards go with them.
            migrationBuilder.Sql("""
                DELETE FROM posts older USING posts newer
                WHERE older."EstablishmentFiness" IS NULL AND newer."EstablishmentFiness" IS NULL AND older."Reference" = newer."Reference"
                  AND (older."ReportedAt", older."Id") < (newer."ReportedAt", newer."Id");
                """);

            migrationBuilder.CreateIndex(
                name: "IX_posts_Reference",
                table: "posts",
                column: "Reference",
                unique: true,
                filter: "\"EstablishmentFiness\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_posts_Reference",
                table: "posts");
        }
    }
}
