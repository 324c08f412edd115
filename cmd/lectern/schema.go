package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"lectern/analysis/config"
)

func (a *app) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of lectern.yaml",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			content, err := config.Schema()
			if err != nil {
				return err
			}
			if _, err := a.out.Write(content); err != nil {
				return fmt.Errorf("writing the schema: %w", err)
			}
			return nil
		},
	}
}
