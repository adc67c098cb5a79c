import './style.css'
import { BenchPage } from './bench-page.ts'

new BenchPage()
