package queries_test
import ("testing";"lectern/analysis/course";"lectern/queries")
func BenchmarkEmbedded(b *testing.B){ for b.Loop(){ course.Load(course.Source{Name:"advanced-rust",FS:queries.Course("advanced-rust")}) } }
