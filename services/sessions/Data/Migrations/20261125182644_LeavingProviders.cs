using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Sessions.Data.Migrations
{
    /// <inheritdoc />
    internal sealed partial class LeavingProviders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "provider_logins",
                columns: table => new
                {
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Provider = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    IdToken = table.Column<byte[]>(type: "bytea", nullable: false),
                    EndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_logins", x => x.SessionId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_provider_logins_EndsAt",
                table: "provider_logins",
                column: "EndsAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "provider_logins");
        }
    }
}
